package given

import (
	"strings"
	"testing"
)

// TestSlips: the error of a slip that people make by hand names the array, and what to do.
func TestSlips(t *testing.T) {
	for text, words := range map[string][2]string{
		`{"loss": 1, "W": [1],}`:                   {"W", "remove the comma"},
		`{"loss": 1, "W": [1, 2,]}`:                {"W[2]", "remove the comma"},
		`{"loss": 1, // the loss`:                  {"loss", "no comments"},
		`{"loss": 1, "W": [ // rows`:               {"W[0]", "no comments"},
		`{"loss": 1,5, "W": [1]}`:                  {"loss", "a point"},
		`{"loss": 1, "W": [1], "dW": "[1.5 2.5]"}`: {"dW", "tolist"},
		`{"loss": 1, "W": [[0,5], [1]]}`:           {"W[1]", "length is 1"},
	} {
		_, err := ParseJSON(strings.NewReader(text), 1<<20)
		if err == nil || !strings.HasPrefix(err.Error(), words[0]+": ") || !strings.Contains(err.Error(), words[1]) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
