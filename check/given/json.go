package given

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"lstm/check/given/digits"
)

const (
	maxArrays = 4096 // in a file
	maxAxes   = 32   // of an array, and objects within objects
	maxToken  = 1024 // bytes of a number
	maxString = 1 << 16
)

// A parser reads the arrays of a JSON object. Objects in it are read too: {"params": {"W": …}} has the array params/W.
// Python's NaN, Infinity and -Infinity are numbers, and so are true, false, and strings with a number inside. Other
// strings are skipped.
type parser struct {
	r       *bufio.Reader
	limit   int64 // bytes left
	numbers int   // numbers left
	arrays  []*found
	nulls   []*found // names with null in place of an array
	names   map[string]bool
	name    string // of the array that is being read
	index   []int  // the place in it
	buffer  []byte // of word
	err     error  // of the reader
}

// next returns the next byte. It returns 0 at the end, and after an error.
func (p *parser) next() byte {
	c, err := p.r.ReadByte()
	if p.limit--; p.limit < 0 && err == nil {
		err = errors.New("it is too large")
	}
	if err != nil {
		p.err = err
		return 0
	}
	return c
}

// back undoes next.
func (p *parser) back() {
	if p.err == nil {
		p.r.UnreadByte()
		p.limit++
	}
}

// skip returns the next byte that is no blank.
func (p *parser) skip() byte {
	for {
		switch c := p.next(); c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
}

// errorf returns an error that names the place.
func (p *parser) errorf(format string, args ...any) error {
	where := ""
	if p.name != "" {
		where = quote(p.name)
		for _, i := range p.index {
			where += fmt.Sprintf("[%d]", i)
		}
		where += ": "
	}
	if p.err == io.EOF {
		return errors.New(where + "the text ends here: it is cut off")
	}
	if p.err != nil {
		return fmt.Errorf("%s%w", where, p.err)
	}
	return errors.New(where + fmt.Sprintf(format, args...))
}

var errNoObject = errors.New(`it must be a JSON object, as {"loss": …, "x": …, "W": …, "dW": …}`)

// document reads the whole text.
func (p *parser) document() error {
	if bom, _ := p.r.Peek(3); string(bom) == "\xef\xbb\xbf" {
		p.r.Discard(3)
	}
	if c := p.skip(); c != '{' && p.err == nil {
		return fmt.Errorf("it begins with %q: %w", c, errNoObject)
	} else if c != '{' {
		return p.errorf("")
	}
	if err := p.object("", 1); err != nil {
		return err
	}
	p.name = ""
	if c := p.skip(); p.err == nil {
		return p.errorf("%q follows the closing }", c)
	} else if p.err != io.EOF {
		return p.errorf("")
	}
	return nil
}

// object reads an object after its {. path is its name with a / behind.
func (p *parser) object(path string, depth int) error {
	if depth > maxAxes {
		return p.errorf("it has more than %d objects within each other", maxAxes)
	}
	c := p.skip()
	if c == '}' {
		return nil
	}
	for comma := false; ; c, comma = p.skip(), true {
		if c != '"' {
			return p.errorf("%q stands where a name in quotes is expected%s", c, hint(c, comma))
		}
		key, err := p.str()
		if err != nil {
			return err
		}
		p.name, p.index = path+key, p.index[:0]
		if len(p.name) > 4096 || len(p.names) >= maxArrays {
			return p.errorf("the names are too long, or there are more than %d", maxArrays)
		}
		if p.names[p.name] {
			return p.errorf("this name appears twice")
		}
		p.names[p.name] = true
		if c := p.skip(); c != ':' {
			return p.errorf("%q stands where a colon is expected", c)
		}
		if err := p.member(depth); err != nil {
			return err
		}
		switch c := p.skip(); c {
		case ',':
		case '}':
			return nil
		default:
			return p.errorf("%q stands where a comma or a } is expected", c)
		}
	}
}

// member reads the value of a name: an object, an array, or something that is skipped.
func (p *parser) member(depth int) error {
	c := p.skip()
	if c == '{' {
		return p.object(p.name+"/", depth+1)
	}
	a := &array{found: &found{Name: p.name, Numbers: digits.NewText()}, leaf: -1}
	if c == '[' {
		if err := p.value(a, c); err != nil {
			return err
		}
		p.arrays = append(p.arrays, a.found)
		return nil
	}
	word, err := p.word(c)
	if err != nil {
		return err
	}
	v, ok := number(word)
	switch {
	case ok && c != '"' && string(word) == "null":
		p.nulls = append(p.nulls, a.found)
	case ok && string(word) != "null":
		a.append(word, v)
		p.arrays = append(p.arrays, a.found)
	case !ok && c != '"':
		return p.errorf("%.40q is not a number", word)
	case !ok && (bytes.HasPrefix(word, []byte("[")) || bytes.Contains(word, []byte("(["))):
		return p.errorf("%.40q is a text, and not a list of numbers: in Python, write a.tolist()", word)
	}
	return nil
}

// hint says what a byte often means that stands in a wrong place, perhaps after a comma.
func hint(c byte, comma bool) string {
	switch {
	case c == '/' || c == '#':
		return ": JSON has no comments"
	case comma && (c == '}' || c == ']'):
		return ": remove the comma before it"
	case comma && c >= '0' && c <= '9':
		return ": numbers have a point, as 1.5, and no comma"
	}
	return ""
}

// An array is one that is being read.
type array struct {
	*found
	leaf int // the number of axes; −1 as long as no number was read
}

// append adds a number.
func (a *array) append(word []byte, v float64) {
	null := string(word) == "null"
	if null && a.Null == nil {
		a.Null = make([]bool, len(a.Data), cap(a.Data))
	}
	if a.Null != nil {
		a.Null = append(a.Null, null)
	}
	a.Add(word, v)
}

// value reads a number or a list, which begins with c. Its depth is the length of p.index.
func (p *parser) value(a *array, c byte) error {
	depth := len(p.index)
	if c == '[' {
		return p.list(a, depth)
	}
	word, err := p.word(c)
	if err != nil {
		return err
	}
	v, ok := number(word)
	if !ok {
		return p.errorf("%.40q is not a number", word)
	}
	if a.leaf < 0 && depth == len(a.Shape) {
		a.leaf = depth
	}
	if depth != a.leaf {
		return p.errorf("a number stands where a list of numbers stood before")
	}
	if p.numbers--; p.numbers < 0 {
		return p.errorf("the file has too many numbers")
	}
	a.append(word, v)
	return nil
}

// list reads a list after its [.
func (p *parser) list(a *array, depth int) error {
	if depth >= maxAxes {
		return p.errorf("it has more than %d lists within each other", maxAxes)
	}
	if a.leaf >= 0 && depth >= a.leaf {
		return p.errorf("a list stands where a number stood before")
	}
	first := depth == len(a.Shape)
	if first {
		a.Shape = append(a.Shape, 0)
	}
	n := 0
	for c := p.skip(); c != ']' || n > 0; c = p.skip() {
		p.index = append(p.index, n)
		if c == ']' || c == '/' {
			return p.errorf("%q stands where a number or a list is expected%s", c, hint(c, true))
		}
		if err := p.value(a, c); err != nil {
			return err
		}
		p.index = p.index[:depth]
		n++
		if c = p.skip(); c == ']' {
			break
		} else if c != ',' {
			return p.errorf("%q stands where a comma or a ] is expected", c)
		}
	}
	if first {
		a.Shape[depth] = n
	} else if a.Shape[depth] != n {
		return p.errorf("its length is %d, and that of the list before it is %d", n, a.Shape[depth])
	}
	return nil
}

// ends has the bytes that end a number.
var ends = [256]bool{' ': true, '\t': true, '\r': true, '\n': true, ',': true, ']': true, '}': true, '[': true, '{': true, ':': true, '"': true}

// word reads a number, a literal, or what stands in quotes. The next call overwrites the result.
func (p *parser) word(c byte) ([]byte, error) {
	if c == '"' {
		s, err := p.str()
		return []byte(strings.TrimSpace(s)), err
	}
	word := p.buffer[:0]
	for ; p.err == nil && !ends[c]; c = p.next() {
		if word = append(word, c); len(word) > maxToken {
			return nil, p.errorf("a number has more than %d bytes", maxToken)
		}
	}
	p.back()
	p.buffer = word
	if len(word) == 0 {
		return nil, p.errorf("%q stands where a number or a list is expected", c)
	}
	return word, nil
}

// str reads a string after its opening quote.
func (p *parser) str() (string, error) {
	raw := []byte{'"'}
	for escaped := false; ; {
		c := p.next()
		if p.err != nil || len(raw) > maxString {
			return "", p.errorf("a string has more than %d bytes", maxString)
		}
		raw = append(raw, c)
		if c == '"' && !escaped {
			break
		}
		escaped = c == '\\' && !escaped
	}
	var s string
	if !utf8.Valid(raw) {
		return "", p.errorf("%.40q is not UTF-8", raw)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", p.errorf("%.40q is not a string of JSON", raw)
	}
	return s, nil
}

// number returns the value of a word. null is NaN, true is 1, false is 0.
func number(word []byte) (float64, bool) {
	switch string(bytes.TrimLeft(word, "+-")) {
	case "null", "NaN", "nan", "NA":
		return math.NaN(), true
	case "true":
		return 1, true
	case "false":
		return 0, true
	case "Infinity", "Inf", "inf":
		return math.Inf(1 - 2*bytes.Count(word[:1], []byte("-"))), true
	}
	for _, c := range word {
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false // ParseFloat also reads 0x1p-2 and 1_000
		}
	}
	v, err := strconv.ParseFloat(string(word), 64)
	return v, err == nil || errors.Is(err, strconv.ErrRange)
}

// quote returns a name as it is, or in quotes if it has unusual symbols.
func quote(name string) string {
	for _, c := range name {
		if c <= ' ' || !strconv.IsPrint(c) {
			return fmt.Sprintf("%.80q", name)
		}
	}
	if len(name) > 80 {
		return strings.ToValidUTF8(name[:80], "") + "…"
	}
	return name
}
