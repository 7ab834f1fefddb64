package stop

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"
)

// A buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

// TestKeep: further signals do not end the program before Release.
func TestKeep(t *testing.T) {
	self, err := os.FindProcess(os.Getpid())
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no signals here")
	}
	var says buffer
	s := Listen(true, &says)
	if s.Now() {
		t.Error("asked before any signal")
	}
	for range 3 {
		self.Signal(os.Interrupt)
		time.Sleep(20 * time.Millisecond)
	}
	select {
	case <-s.Asked:
	case <-time.After(10 * time.Second):
		t.Fatal("not asked")
	}
	says.Lock()
	defer says.Unlock()
	if !s.Now() || says.Len() == 0 {
		t.Errorf("%v, %q", s.Now(), &says.Buffer)
	}
	s.Release()
}

// A run ends when it is asked to.
func Example() {
	s := Listen(true, os.Stderr)
	defer s.Release()
	for iteration := 0; iteration < 3 && !s.Now(); iteration++ {
		fmt.Println(iteration)
	}
	// Output:
	// 0
	// 1
	// 2
}
