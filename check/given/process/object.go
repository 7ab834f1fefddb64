package process

import (
	"bytes"
	"encoding/json"
)

// deepest is the depth of an object that is looked into.
const deepest = 1000

// object reports whether a line is an object with the key params, whose value is an object or a list. It looks
// at brackets and strings only, and leaves all else to the reader of the JSON: NaN and Infinity, which are no
// JSON, may stand in it. If a line is nearly such an object, it tells what is missing.
func object(line []byte) (ok bool, near string) {
	if len(line) == 0 || line[0] != '{' {
		return false, ""
	}
	var closing [deepest]byte // the brackets that are open
	depth, found := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '{', '[':
			if depth == deepest {
				return false, ""
			}
			closing[depth] = c + 2 // } and ] stand two places after { and [
			depth++
		case '}', ']':
			if closing[depth-1] != c {
				return false, ""
			}
			if depth--; depth == 0 {
				return found && i == len(line)-1, almost(found, line)
			}
		case '"':
			end := stringEnd(line[i:])
			if end < 0 {
				return false, almost(found, line)
			}
			found = found || depth == 1 && isParams(line[i:i+end], line[i+end:])
			i += end - 1
		}
	}
	return false, "a line begins with { and has no }: the JSON must be on one line"
}

// almost tells what keeps a line from being an object with params.
func almost(found bool, line []byte) string {
	if !found && bytes.Contains(line, []byte("params")) {
		return `a line that begins with { has params, but not as JSON has it: "params": {"NAME": [numbers]}`
	}
	return ""
}

// stringEnd returns the length of the string with which JSON begins, or -1.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

// isParams reports whether a string is the key params with an object or a list after it.
func isParams(key, after []byte) bool {
	after, colon := bytes.CutPrefix(bytes.TrimLeft(after, " \t"), []byte(":"))
	after = bytes.TrimLeft(after, " \t")
	if !colon || len(after) == 0 || after[0] != '{' && after[0] != '[' {
		return false
	}
	var name string
	return len(key) < 50 && json.Unmarshal(key, &name) == nil && name == "params"
}
