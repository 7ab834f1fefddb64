package file

import (
	"strings"
	"testing"
)

// TestKind: each format has its name, and texts have none. The bytes come from files that the programs of these
// formats wrote.
func TestKind(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n": "git-LFS pointer",
		"PK\x03\x04\x00\x00\x08\x08\x00\x00":                                        "zip",
		"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.":              "PyTorch pickle",
		"\x80\x02}q\x00(X\x0c\x00\x00\x00weight_ih_l0":                              "pickle",
		"\x80\x03}q\x00(X\x0c\x00\x00\x00weight_ih_l0":                              "pickle",
		"\x80\x04\x95\x9a\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x03Wih":             "pickle",
		"\x89HDF\r\n\x1a\n\x00\x00\x00\x00\x00\x08\x08\x00":                         "HDF5",
		"GGUF\x03\x00\x00\x00\x01\x00\x00\x00":                                      "GGUF",
		"\x93NUMPY\x01\x00v\x00{'descr': '<f8', ":                                   "npy",
		"PAR1\x15\x04\x15\x10\x15\x14":                                              "Parquet",
		"\x1c\x00\x00\x00TFL3\x14\x00 \x00":                                         "TensorFlow Lite",
		"\x08\x07\x12\x07pytorch\x1a\x061.13.0:\x8d\x0b":                            "ONNX",
		"\x08\x0a:\xe4\x01\n\x0a\n\x01x\x12\x01y":                                   "ONNX",
		"\x81\xa6params\x82\xa7Dense_0\x82\xa4bias":                                 "MessagePack",
		"\x1f\x8b\x08\x08\x00\x00\x00\x00":                                          "gzip",
		"\n<!DOCTYPE html>\n<html lang=\"en\">":                                     "HTML",
		"\ufeff{\"weights\": [1, 2]}":                                               "JSON",
		"[[1, 2], [3, 4]]":                                                          "JSON",
		strings.Repeat("\x00", 257) + "ustar\x0000":                                 "tar",

		"":                                       "",
		"date,value\n2020-01-01,3\n":             "",
		"[section]\nkey = 3\n":                   "",
		"Die Größe der Zelle. [1]\n":             "",
		"P":                                      "",
		"\x80":                                   "",
		"\x80\x02":                               "",
		"\x80\x02\x00\x00\x00\x00\x00\x00{\"a\"": "", // safetensors, with a header of 640 bytes
		"\x08\x07\x12\x00\x00\x00\x00\x00{\"a\":": "",
		"\x81\xa1\x41\x00\x00\x00\x00\x00{\"a\":": "",
		"\x08\x07":                       "",
		"€5 and more":                    "",
		"\xff\xfea\x00b\x00c\x00d\x00":   "",
		"x\x00\x00\x00\x00\x00\x00\x00{": "",
	} {
		if got := Kind([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}
