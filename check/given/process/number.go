package process

import (
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
)

// number reads a line that is a number, as programs write it: 4.5, 4.5e-3, 4.5D-3 (Fortran), 0x1.2p+2 (%a of C),
// nan, -nan(ind), inf, -Infinity, 1.#INF. The whole line may also be the text of a scalar, such as
// np.float64(4.5) or tensor(4.5, requires_grad=True).
func number(line []byte) (v float64, ok bool) {
	if len(line) == 0 || len(line) > 200 {
		return 0, false
	}
	text := bare(line)
	if text == "" || !strings.ContainsAny(text[:1], "0123456789+-.iInN") {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) { // beyond the range it is ±Inf
		return v, !strings.Contains(text, "_")
	}
	sign := 1
	switch {
	case strings.HasPrefix(text, "-"):
		sign, text = -1, text[1:]
	case strings.HasPrefix(text, "+"):
		text = text[1:]
	}
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		return 0, false
	}
	text, _, _ = strings.Cut(strings.ToLower(text), "(")
	switch text {
	case "nan", "1.#ind", "1.#qnan", "1.#snan", "na", "nan32":
		return math.NaN(), true
	case "1.#inf", "inf32":
		return math.Inf(sign), true
	}
	for _, exponent := range []string{"d", "f"} { // Fortran, Julia
		mantissa, power, has := strings.Cut(text, exponent)
		if v, err := strconv.ParseFloat(mantissa+"e"+power, 64); has && err == nil && !strings.ContainsAny(text, "x_") {
			return math.Copysign(v, float64(sign)), true
		}
	}
	return 0, false
}

// scalars are the names that libraries write in front of a number.
var scalars = []string{"np.float64", "np.float32", "np.float16", "np.longdouble", "np.int64", "np.int32",
	"numpy.float64", "numpy.float32", "tensor", "Tensor", "tf.Tensor", "torch.tensor", "array", "Array", "DeviceArray"}

// bare returns the number in the text of a scalar: 4.5 for tensor(4.5, dtype=torch.float64). It returns other
// texts as they are.
func bare(line []byte) string {
	name, inside, open := bytes.Cut(line, []byte("("))
	inside, closed := bytes.CutSuffix(inside, []byte(")"))
	if open && closed {
		for _, s := range scalars {
			if string(name) == s {
				inside, _, _ = bytes.Cut(inside, []byte(","))
				return string(bytes.TrimSpace(inside))
			}
		}
	}
	return string(line)
}

// significant returns the number of significant decimal digits of a number that number reads.
func significant(line []byte) (digits int) {
	text := strings.ToLower(bare(line))
	if strings.HasPrefix(strings.TrimLeft(text, "+-"), "0x") {
		return 17
	}
	mantissa, _, _ := strings.Cut(text, "e")
	mantissa, _, _ = strings.Cut(mantissa, "d")
	mantissa = strings.TrimLeft(mantissa, "+-0.")
	for _, c := range mantissa {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits
}
