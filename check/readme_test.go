package check_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadme builds the chapter's program in a separate module, with the chapter's go.mod, and compares the
// program's output with the chapter's.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module")
	}
	t.Parallel()
	chapter, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(chapter), "## A model of your own")
	var blocks []string // go.mod, the program, the output
	for k, part := range strings.Split(text, "```") {
		if k%2 == 1 {
			_, block, _ := strings.Cut(part, "\n")
			blocks = append(blocks, block)
		}
	}
	root, err := filepath.Abs("..")
	if err != nil || len(blocks) != 3 {
		t.Fatal(len(blocks), err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": strings.Replace(blocks[0], "../lstm", root, 1), "main.go": blocks[1]} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("go", "run", ".")
	run.Dir = dir
	run.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off", "GOPROXY=off", "GOOS=", "GOARCH=")
	got, err := run.CombinedOutput()
	if err != nil || string(got) != blocks[2] {
		t.Errorf("%v, got\n%swant\n%s", err, got, blocks[2])
	}
}
