package given

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHints: arrays under another name are told from missing ones.
func TestHints(t *testing.T) {
	for text, want := range map[string]string{
		`{"loss": 1, "x": [1], "target": [1], "W": [1, 2], "dW": [1, 2]}`:                                               "",
		`{"loss": 1, "x": [1], "target": [1], "t": [1], "W": [1, 2], "dW": [1, 2]}`:                                     "",
		`{"loss": 1, "x": [1], "Target": [1, 0], "W": [1, 2], "dW": [1, 2]}`:                                            "target Target",
		`{"Loss": 1, "inputs": [[1], [2]], "target": [1], "params": {"W": [1]}, "grads": {"W": [1]}}`:                   "loss Loss; x inputs",
		`{"loss": 1, "x": [1], "W": [1, 2], "dW": [1, 2]}`:                                                              "target",
		`{"loss": 1, "x": [1], "target": [1], "W": [1, 2], "grad_W": [1, 2], "b": [1, 2], "b_grad": [1, 2], "gb": [1]}`: "grad_W dW; b_grad db",
		`{"loss": 1, "x": [1, -3], "target": [1], "W": [1, 2], "dW": [1, 2]}`:                                           "x -3",
		`{"loss": 1, "x": [1.5, -3], "target": [1], "W": [1, 2], "dW": [1, 2]}`:                                         "",
	} {
		got := parse(t, text).Hints()
		if want == "" && len(got) > 0 || want != "" && len(got) != strings.Count(want, ";")+1 {
			t.Errorf("%s: %q", text, got)
			continue
		}
		for k, words := range strings.Split(want, ";") {
			for _, w := range strings.Fields(words) {
				if !strings.Contains(got[k], w) {
					t.Errorf("%s: %q does not say %s", text, got[k], w)
				}
			}
		}
	}
}

// TestDigits: a gradient with all its digits is said to have them, and the parameters to have fewer, unless they are read as
// exact.
func TestDigits(t *testing.T) {
	d := parse(t, `{"loss": 1.2345678901234567, "W": [0.1234, 1.2341, 12.3412, 0.0012, 3.1415], "dW": [0.12345678901234567, 0.98765432109876543, 0.31415926535897932, 0.27182818284590452, 0.5772156649015329]}`)
	if got := d.Digits(); !strings.Contains(got, "float64") || !strings.Contains(got, "4 decimals") {
		t.Errorf("%+v: %s", d.Precision, got)
	}
	if got := d.Exact().Digits(); !strings.Contains(got, "float64") || strings.Contains(got, "decimals") {
		t.Error(got)
	}
}

// TestNoBinary: a file whose name promises another format than JSON is not told to be JSON.
func TestNoBinary(t *testing.T) {
	for name, want := range map[string]string{"a.npz": ".npz file", "a.NPZ": ".npz file", "a.safetensors": "save_file", "a.json": "JSON object", "a": "JSON object"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("x = 1\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "JSON") != (want == "JSON object") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
