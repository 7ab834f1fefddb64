package tensor

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// walled returns n numbers between two walls: pages that fault on every access.
func walled(t *testing.T, n int) []float64 {
	page := syscall.Getpagesize()
	size := (8*n + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	for _, wall := range [][]byte{mem[:page], mem[page+size:]} {
		if err := syscall.Mprotect(wall, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return unsafe.Slice((*float64)(unsafe.Pointer(&mem[page])), size/8)
}

// TestBounds checks that no kernel reads or writes outside its slices. Each slice begins or ends at a wall. A
// kernel that touches the wall gets a signal.
func TestBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	const largest = 258 * 525 // more than the second cache holds
	var rooms [4][]float64
	for i := range rooms {
		rooms[i] = walled(t, largest)
	}
	tries := 3000
	if testing.Short() {
		tries = 500
	}
	paths(t, func(t *testing.T) {
		for _, w := range twins {
			for try := range tries {
				k, n, steps := rng.IntN(21), rng.IntN(60), 1+rng.IntN(20)
				switch try % 100 {
				case 4:
					k, n, steps = 256+rng.IntN(3), 517+rng.IntN(8), 1
				case 0: // as large as the second cache
					k, n, steps = 64+rng.IntN(6), 512+rng.IntN(8), 1
				case 1, 2, 3: // as wide as a register of AVX-512 needs
					n = wide + rng.IntN(40)
				}
				sizes := w.sizes(k, n, steps)
				in := make([][]float64, len(sizes))
				for i, size := range sizes {
					in[i] = random(rng, size)
				}
				end := rng.IntN(16)
				err := w.tryAt(in, steps, false, func(i int, x []float64) ([]float64, func() bool) {
					y := rooms[i][:len(x)]
					if end>>i&1 == 1 {
						y = rooms[i][len(rooms[i])-len(x):]
					}
					copy(y, x)
					return y, func() bool { return true }
				})
				if err != nil {
					t.Fatalf("%s: k=%d n=%d t=%d: %v", w.name, k, n, steps, err)
				}
			}
		}
	})
}
