package checkpoint

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"lstm/tensor/npz"
	"lstm/tensor/safetensors"
	"lstm/train/file"
)

// Lines of Python that make an .npz file of a file in another format. %[1]s is the file, %[2]s the new file.
const (
	ofPyTorch = "import numpy, torch; w = %[3]s; numpy.savez(%[2]s, **{k: v.double().numpy() for k, v in w.items()})"
	ofPickle  = "import numpy, pickle; w = pickle.load(open(%[1]s, 'rb')); numpy.savez(%[2]s, **{k: numpy.asarray(v) for k, v in w.items()})"
	ofJSON    = "import json, numpy; w = json.load(open(%[1]s)); numpy.savez(%[2]s, **{k: numpy.asarray(v) for k, v in w.items()})"
	ofKeras   = "import keras, numpy; k, r, b, w, c = keras.models.load_model(%[1]s).get_weights(); " +
		"numpy.savez(%[2]s, weight_ih_l0=k.T, weight_hh_l0=r.T, bias_ih_l0=b, **{'linear.weight': w.T, 'linear.bias': c})"
	ofONNX = "import numpy, onnx.numpy_helper; g = onnx.load(%[1]s).graph; a = {t.name: onnx.numpy_helper.to_array(t) for t in g.initializer}; " +
		"n = next(n for n in g.node if n.op_type == 'LSTM'); w, r, b = (a[i][0] for i in n.input[1:4]); " +
		"p = lambda v: v.reshape(4, -1, *v.shape[1:])[[0, 2, 3, 1]].reshape(v.shape); i, h = numpy.split(b, 2); " +
		"d = [n for n in g.node if n.op_type in ('MatMul', 'Gemm') and n.input[1] in a][-1:]; " +
		"numpy.savez(%[2]s, weight_ih_l0=p(w), weight_hh_l0=p(r), bias_ih_l0=p(i), bias_hh_l0=p(h), " +
		"**{'linear.weight': a[n.input[1]] if n.op_type == 'Gemm' else a[n.input[1]].T for n in d}, " +
		"**{'linear.bias': a[i] for l in d for n in g.node if n == l or l.output[0] in n.input for i in n.input if i in a and a[i].ndim == 1})"
	ofFlax = "import numpy; from flax.serialization import msgpack_restore; from flax.traverse_util import flatten_dict; " +
		"w = flatten_dict(msgpack_restore(open(%[1]s, 'rb').read()), sep='.'); " +
		"c = lambda end: numpy.concatenate([w[k].T for g in 'ifgo' for k in w if k.endswith(end %% g)]); d = [k for k in w if k.endswith('.kernel') and k.split('.')[-2][1:] not in tuple('ifgo')][-1]; " +
		"numpy.savez(%[2]s, weight_ih_l0=c('.i%%s.kernel'), weight_hh_l0=c('.h%%s.kernel'), bias_hh_l0=c('.h%%s.bias'), " +
		"**{'linear.weight': w[d].T, 'linear.bias': w[d[:-6] + 'bias']})"
	ofGGUF = "import numpy, gguf; numpy.savez(%[2]s, **{t.name: t.data for t in gguf.GGUFReader(%[1]s).tensors})"
)

// recipes says, for each format that file.Kind names, what it is, and has a line of Python for it.
var recipes = map[string]struct{ what, python string }{
	"pickle":          {"it is a pickle of Python", ofPickle},
	"HDF5":            {"it is HDF5, the format of Keras", ofKeras},
	"Keras":           {"it is a model of Keras", ofKeras},
	"ONNX":            {"it is a model in the format ONNX", ofONNX},
	"MessagePack":     {"it is MessagePack, the format of Flax", ofFlax},
	"GGUF":            {"it is GGUF, the format of llama.cpp", ofGGUF},
	"JSON":            {"it is JSON", ofJSON},
	"npy":             {"it is one array (.npy), and a network has several; save all of them with numpy.savez", ""},
	"HTML":            {"it is a web page: download the file itself, and not its page", ""},
	"gzip":            {"it is compressed: decompress it first, with gunzip", ""},
	"git-LFS pointer": {"it is a pointer of git LFS, and the weights are not here yet; get them with git lfs pull", ""},
}

// readFile reads a file of tensors: safetensors or .npz. The error for a file in another format names the format, and has a line
// of Python that makes an .npz from it.
func readFile(name string) (*safetensors.File, source, error) {
	s := source{name: name}
	in, err := file.Open(name, safetensors.MaxFile)
	if err != nil {
		return nil, s, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return nil, s, err
	}
	f, err := s.read(in, info.Size())
	if err != nil {
		return nil, s, fmt.Errorf("%s: %w", name, err)
	}
	return f, s, nil
}

const numbers = safetensors.MaxFile / 8 // in a file

// read reads a file of size bytes.
func (s *source) read(in io.ReaderAt, size int64) (*safetensors.File, error) {
	r := bufio.NewReaderSize(io.NewSectionReader(in, 0, size), 1<<16)
	head, err := r.Peek(512)
	if err != nil && err != io.EOF {
		return nil, err
	}
	kind := file.Kind(head)
	if len(head) > 8 && head[8] == '{' && binary.LittleEndian.Uint64(head) <= safetensors.MaxHeader {
		kind = ""
	}
	switch kind {
	case "":
		// Another network can be large: its names are enough to refuse it.
		if f, err := safetensors.ReadHeader(io.NewSectionReader(in, 0, size), size, numbers); err == nil {
			if _, err := find(*s, f); err != nil {
				return nil, err
			}
		}
		return safetensors.Read(r, size, numbers)
	case "zip":
		return s.readZip(in, size)
	case "PyTorch pickle":
		data, err := io.ReadAll(io.LimitReader(r, mostPickle))
		if err != nil {
			return nil, err
		}
		return nil, s.pyTorch(data)
	}
	recipe, ok := recipes[kind]
	if !ok {
		return nil, fmt.Errorf("its format is %s: weights must be in .safetensors or .npz", kind)
	}
	return nil, s.convert(recipe.what, recipe.python)
}

// readZip reads a zip archive, which is an .npz or a file of another program.
func (s *source) readZip(in io.ReaderAt, size int64) (*safetensors.File, error) {
	archive, err := npz.Open(in, size)
	if err != nil {
		return nil, err
	}
	script := false
	for _, f := range archive.File {
		script = script || strings.HasSuffix(f.Name, "/constants.pkl")
	}
	for _, f := range archive.File {
		switch {
		case f.Name == "model.weights.h5" || f.Name == "config.json" && len(archive.File) > 1:
			return nil, s.convert(recipes["Keras"].what, ofKeras)
		case strings.HasSuffix(f.Name, "/data.pkl") && script:
			return nil, s.convert("it is TorchScript", ofPyTorch, "torch.jit.load("+file.Quoted(s.name)+", map_location='cpu').state_dict()")
		case strings.HasSuffix(f.Name, "/data.pkl"):
			return nil, s.pyTorch(pickled(f))
		}
	}
	s.npz = true
	tensors, err := npz.Read(in, size, numbers)
	return &safetensors.File{Tensors: tensors}, err
}

const mostPickle = 1 << 20 // bytes of a pickle that are looked at

// pickled returns the start of a file in an archive, as far as it can be read.
func pickled(f *zip.File) []byte {
	in, err := f.Open()
	if err != nil {
		return nil
	}
	defer in.Close()
	data, _ := io.ReadAll(io.LimitReader(in, mostPickle))
	return data
}

// pyTorch is the error for a file of torch.save. The names in the pickle tell whether it is a whole module, and under which key
// a checkpoint of training has the weights.
func (s *source) pyTorch(pickle []byte) error {
	load := "torch.load(" + file.Quoted(s.name) + ", map_location='cpu'"
	if bytes.Contains(pickle, []byte("torch.nn.modules")) {
		what := "it is a whole module of torch.save, a pickle"
		if bytes.Contains(pickle, []byte("__main__")) {
			return fmt.Errorf("%s, and only the program that made it can read it; add a line there: numpy.savez(%s, **{k: v.double().cpu().numpy() for k, v in net.state_dict().items()})",
				what, other(s.name, ".npz"))
		}
		return s.convert(what, ofPyTorch, load+", weights_only=False).state_dict()")
	}
	load += ")"
	if key := keyOfWeights(pickle); key != "" {
		load += "[" + file.Quoted(key) + "]"
	}
	return s.convert("it is a file of torch.save, a pickle", ofPyTorch, load)
}

// keyOfWeights returns the key under which a checkpoint of training has its weights, or "". It looks at the short texts in
// the pickle. A text has an opcode, its length in four bytes or one, and its bytes.
func keyOfWeights(pickle []byte) (key string) {
	for i, op := range pickle {
		rest, n, at := pickle[i+1:], 0, 0
		switch {
		case op == 'X' && len(rest) > 4 && rest[1]|rest[2]|rest[3] == 0:
			n, at = int(rest[0]), 4
		case op == 0x8c && len(rest) > 1:
			n, at = int(rest[0]), 1
		}
		if n == 0 || n > 40 || at+n > len(rest) {
			continue
		}
		switch text := string(rest[at : at+n]); {
		case strings.HasSuffix(text, "state_dict") && !strings.HasPrefix(text, "opt"):
			return text
		case text == "model" || text == "net" || text == "model_state" || text == "weights":
			key = text
		}
	}
	return key
}

// convert is the error for a file in another format. python is the line that converts it, or "".
func (s *source) convert(what, python string, more ...any) error {
	if python == "" {
		return errors.New(what)
	}
	made := other(s.name, ".npz")
	return fmt.Errorf("%s, and not .safetensors or .npz; to make %s of it, %s", what, made, command(python, append([]any{file.Quoted(s.name), made}, more...)...))
}
