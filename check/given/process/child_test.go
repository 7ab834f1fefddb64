package process

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is the program that is asked, too: with the arguments "child BEHAVIOUR".
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "child" {
		child(os.Args[2])
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const firstLine = `{"loss": 5, "params": {"a": [1, 2]}, "grads": {"a": [2, 4]}}`

// child is a program whose loss is a₀² + a₁², and that behaves as it is told.
func child(behaviour string) {
	a := []float64{1, 2}
	fmt.Fprintln(os.Stderr, "child says:", behaviour)
	before(behaviour)
	fmt.Println(firstLine)
	if behaviour == "unasked" {
		fmt.Println(5.0)
	}
	in := bufio.NewScanner(os.Stdin)
	for losses := 0; in.Scan(); {
		word := strings.Fields(in.Text())
		if word[0] == "set" {
			i, _ := strconv.Atoi(word[2])
			a[i], _ = strconv.ParseFloat(word[3], 64)
			if behaviour == "echoes" {
				fmt.Println("I have set", strings.Repeat("it ", 100))
			}
			continue
		}
		if losses++; losses >= 3 {
			between(behaviour)
		}
		if losses > 1 && behaviour == "second" {
			fmt.Println("again\n\nand again")
		}
		if behaviour == "twice" {
			fmt.Print("5\n5\n")
			continue
		}
		fmt.Println(a[0]*a[0] + a[1]*a[1])
		if behaviour == "unasked late" {
			time.Sleep(20 * time.Millisecond)
			fmt.Println(5.0)
		}
	}
	if behaviour == "stays" || behaviour == "grandchildren" {
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Hour)
	}
}

// before is what a child does before its line of JSON.
func before(behaviour string) {
	switch behaviour {
	case "fails":
		fmt.Fprintln(os.Stderr, "Traceback:\n  line 7\nImportError: there is no module x\n    at the end")
		os.Exit(3)
	case "ends":
		os.Exit(0)
	case "silent":
		time.Sleep(time.Hour)
	case "flood":
		for block := strings.Repeat("work ", 1e5); ; {
			fmt.Print(block)
		}
	case "chatter":
		fmt.Print("epoch 1\n\n[1, 2]\n7.5\n{\"step\": 3}\n 50%\r100%\r")
	case "indented":
		fmt.Print("{\n  \"loss\": 5,\n  \"params\": {}\n}\n")
		time.Sleep(time.Hour)
	case "ignores":
		signal.Ignore(syscall.SIGTERM)
		time.Sleep(time.Hour)
	case "huge":
		fmt.Printf(`{"loss": 5, "params": {"a": [1, 2], "b": [%s0]}}`+"\n", strings.Repeat("0.123456789, ", 1<<20))
	case "forgets":
		inSession(os.Args[0], "child", "ignores")
	case "grandchildren":
		for _, args := range [][]string{{"silent"}, {"ignores"}} {
			c := exec.Command(os.Args[0], "child", args[0])
			c.Stdout = os.Stdout // they keep the pipe open
			c.Start()
			fmt.Println("started", c.Process.Pid)
		}
		inSession(os.Args[0], "child", "ignores")
	case "parent":
		Start(context.Background(), command("ignores"), 0)
	case "orphans":
		c := exec.Command(os.Args[0], "child", "silent")
		c.Stdout = os.Stdout
		c.Start()
		os.Exit(0)
	}
}

// inSession starts a process in a session of its own, if the system can.
func inSession(command ...string) {
	if setsid, err := exec.LookPath("setsid"); err == nil {
		c := exec.Command(setsid, command...)
		c.Start()
		fmt.Println("started", c.Process.Pid)
	}
}

// between is what a child does when it is asked for the third loss.
func between(behaviour string) {
	switch behaviour {
	case "leaves":
		fmt.Fprintln(os.Stderr, "index out of range")
		os.Exit(4)
	case "crashes":
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		time.Sleep(time.Hour)
	case "hangs":
		time.Sleep(time.Hour)
	case "babbles":
		for block := strings.Repeat(strings.Repeat("thinking ", 100)+"\n", 1e3); ; {
			fmt.Print(block)
		}
	case "no newline":
		fmt.Print("7.5")
		time.Sleep(time.Hour)
	case "closes stdout":
		os.Stdout.Close()
		time.Sleep(time.Hour)
	case "closes stdin":
		fmt.Println(1)
		os.Stdin.Close()
		time.Sleep(time.Hour)
	}
}

// command is the command of a child.
func command(behaviour string) []string { return []string{os.Args[0], "child", behaviour} }

// left returns the processes of this test binary that run as children with a behaviour. It needs /proc.
func left(behaviour string) (pids []string) {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, f := range files {
		line, _ := os.ReadFile(f)
		if strings.Contains(string(line), os.Args[0]+"\x00child\x00"+behaviour+"\x00") {
			pids = append(pids, filepath.Base(filepath.Dir(f)))
		}
	}
	return pids
}
