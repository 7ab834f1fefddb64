package answer

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// TestSpoken: a program whose loss is always the same text. NaN is an error, a float32 is measured, and a loss that
// nearly agrees is told from one of another function.
func TestSpoken(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh")
	}
	for _, c := range []struct {
		loss, why, word string // why there is no verdict, and a word of the error or the notes
	}{
		{"nan", "", "NaN"},
		{"-Infinity", "", "Inf"},
		{"1.9359053373336792", "", "float32"},
		{"1.935905337", "another loss", "7 digits"},
		{"1.946", "another loss", "another function"},
	} {
		script := fmt.Sprintf(`echo '{"loss": 1.9359053102812345, "params": {"W": [1.5123456789012345]}, "grads": {"W": [0.25123456789012345]}}'; while read word rest; do [ "$word" = loss ] && echo %s; done; true`, c.loss)
		a, err := Process(context.Background(), []string{"sh", "-c", script}, Options{})
		switch {
		case err != nil:
			if c.why != "" || !strings.Contains(err.Error(), c.word) || strings.Contains(c.word, "float32") {
				t.Errorf("%s: %v", c.loss, err)
			}
		case a.Why != c.why || !strings.Contains(strings.Join(a.Notes, "\n"), c.word):
			t.Errorf("%s: %s %q", c.loss, a.Why, a.Notes)
		}
	}
}
