package glue_test

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"testing"
)

// TestInputs: in R and Perl, inputs and targets that are handed to serve stand in the line of JSON.
func TestInputs(t *testing.T) {
	t.Parallel()
	for _, c := range [][]string{
		{"Rscript", "-e", `source("r/serve.R"); serve(sum, list(W = 1), list(W = 2), 3, x = rbind(c(0.5, 1)), target = c(1L, 0L))`},
		{"perl", "-e", `require "./perl/serve.pl"; serve(sub { 1 }, {W => [1]}, {W => [2]}, 3, x => [[0.5, 1]], target => [1, 0])`},
	} {
		if _, err := exec.LookPath(c[0]); err != nil {
			continue
		}
		out, err := exec.Command(c[0], c[1:]...).Output()
		var got map[string]any
		if err != nil || json.Unmarshal(out, &got) != nil {
			t.Fatalf("%s: %s, %v", c[0], out, err)
		}
		want := map[string]any{"loss": 3.0, "params": map[string]any{"W": []any{1.0}}, "grads": map[string]any{"W": []any{2.0}},
			"x": []any{[]any{0.5, 1.0}}, "target": []any{1.0, 0.0}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s", c[0], out)
		}
	}
}
