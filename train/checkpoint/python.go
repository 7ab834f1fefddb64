package checkpoint

import (
	"fmt"
	"path/filepath"
	"strings"

	"lstm/train/file"
)

// A source is a file of weights. Its methods return lines of Python that change such a file: errors show them.
type source struct {
	name string
	npz  bool // else safetensors
}

// command returns the line that runs a program of Python, for the end of an error.
func command(format string, args ...any) string {
	return `run python3 -c "` + fmt.Sprintf(format, args...) + `"`
}

// other returns a new name beside a file's name, with another end.
func other(name, end string) string {
	return file.Quoted(strings.TrimSuffix(name, filepath.Ext(name)) + end)
}

// edit returns the line that changes the tensors of the file. do are statements about the dictionary w, as "w.pop('a'); ",
// and keep is the dictionary for the new file.
func (s source) edit(do, keep string) string {
	if s.npz {
		return command("import numpy; w = dict(numpy.load(%s)); %snumpy.savez(%s, **%s)", file.Quoted(s.name), do, other(s.name, "_new.npz"), keep)
	}
	return command("import torch; from safetensors.torch import load_file, save_file; w = load_file(%s); %ssave_file(%s, %s)",
		file.Quoted(s.name), do, keep, other(s.name, "_new.safetensors"))
}

// only returns the line that keeps the tensors whose names have one of the given starts.
func (s source) only(starts []string) string {
	var all strings.Builder
	for _, start := range starts {
		all.WriteString(file.Quoted(start) + ", ")
	}
	return s.edit("", "{k: w[k] for k in w if k.startswith(("+all.String()+"))}")
}

// numbers returns an array of numbers. value is a list of Python.
func (s source) numbers(value string) string {
	if s.npz {
		return "numpy.array(" + value + ")"
	}
	return "torch.tensor(" + value + ")"
}

// float64 returns a tensor in float64.
func (s source) float64(value string) string {
	if s.npz {
		return value + ".astype(float)"
	}
	return value + ".double()"
}
