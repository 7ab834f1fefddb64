package file

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// kinds has the first bytes of files, and the name of their format. The first entry that fits counts.
var kinds = []struct {
	at          int
	start, name string
}{
	{0, "version https://git-lfs", "git-LFS pointer"},
	{0, "PK\x03\x04", "zip"}, // .npz, .pt, .keras, .xlsx and .docx are zip archives
	{0, "PK\x05\x06", "zip"}, // an empty one
	{0, "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", "PyTorch pickle"}, // torch.save before PyTorch 1.6
	{0, "\x89HDF\r\n\x1a\n", "HDF5"},
	{0, "GGUF", "GGUF"},
	{0, "\x93NUMPY", "npy"},
	{0, "PAR1\x15", "Parquet"},
	{0, "ARROW1", "Arrow"},
	{4, "TFL3", "TensorFlow Lite"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel or Word"},
	{0, "SQLite format 3\x00", "SQLite"},
	{0, "MATLAB 5.0 MAT-file", "MATLAB"},
	{0, "%PDF-", "PDF"},
	{0, "\x1f\x8b\x08", "gzip"}, {0, "BZh91AY", "bzip2"}, {0, "\xfd7zXZ\x00", "xz"}, {0, "\x28\xb5\x2f\xfd", "zstd"},
	{0, "7z\xbc\xaf\x27\x1c", "7z"}, {0, "Rar!\x1a\x07", "RAR"}, {257, "ustar", "tar"},
}

// Kind names the format of a file, from its first bytes: 512 are enough. The name is "" for a plain text, and
// for all formats that Kind does not know. HTML and JSON are the only kinds that are texts, besides a git-LFS pointer.
func Kind(head []byte) string {
	for _, k := range kinds {
		if len(head) > k.at && bytes.HasPrefix(head[k.at:], []byte(k.start)) {
			return k.name
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"))
	starts := func(with ...string) bool {
		return slices.ContainsFunc(with, func(s string) bool { return bytes.HasPrefix(text, []byte(s)) })
	}
	switch {
	case starts("<!doctype html", "<html"):
		return "HTML"
	case starts("{\"", "{\n", "{\r\n", "{ ", "{}", "[{", "[[", "[\n"):
		return "JSON"
	case pickle(head):
		return "pickle"
	case messagePack(head):
		return "MessagePack"
	case onnx(head):
		return "ONNX"
	}
	return ""
}

// pickle reports whether a file starts as a pickle of protocol 2 to 5. The length of a safetensors header can have the same
// two bytes, but then a zero follows.
func pickle(head []byte) bool {
	return len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5 && head[2] != 0
}

// messagePack reports whether a file starts with a map of up to 15 entries, and a short name as its first key.
func messagePack(head []byte) bool {
	return len(head) > 8 && head[0] > 0x80 && head[0] < 0x90 && head[1] > 0xa0 && head[1] < 0xc0 && head[3] != 0 && ascii(head[2:2+min(int(head[1]-0xa0), 6)])
}

// onnx reports whether a file starts as one of ONNX: the version of the format in field 1, then the name of the
// program that wrote it in field 2, or the graph in field 7.
func onnx(head []byte) bool {
	if len(head) < 12 || head[0] != 1<<3 || head[1] < 3 || head[1] > 30 || head[3] == 0 {
		return false
	}
	return head[2] == 7<<3|2 || head[2] == 2<<3|2 && head[3] < 64 && ascii(head[4:4+min(int(head[3]), 6)])
}

// ascii reports whether b has only printable characters of ASCII.
func ascii(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c < ' ' || c > '~' })
}

// Quoted returns the name of a file, or another name, in quotes that a shell and Python understand, in single quotes in a
// line with double quotes, too. A name that cannot be written so becomes NAME.
func Quoted(name string) string {
	if len(name) > 200 || strings.ContainsAny(name, "'\"\\$`!") || strings.ContainsFunc(name, unicode.IsControl) {
		name = "NAME"
	}
	return "'" + name + "'"
}
