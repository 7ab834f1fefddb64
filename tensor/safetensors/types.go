package safetensors

import (
	"encoding/binary"
	"math"
)

// Type returns the size of a number of the given type in bytes, and the function that reads one from little-endian
// bytes. The size of an unknown type is 0.
func Type(name string) (size int64, value func([]byte) float64) {
	t := types[name]
	return t.size, t.value
}

var types = map[string]struct {
	size  int64
	value func(b []byte) float64
}{
	"F64":  {8, func(b []byte) float64 { return math.Float64frombits(u64(b)) }},
	"F32":  {4, func(b []byte) float64 { return float64(math.Float32frombits(u32(b))) }},
	"F16":  {2, func(b []byte) float64 { return half(u16(b)) }},
	"BF16": {2, func(b []byte) float64 { return float64(math.Float32frombits(uint32(u16(b)) << 16)) }},
	"I64":  {8, func(b []byte) float64 { return float64(int64(u64(b))) }},
	"I32":  {4, func(b []byte) float64 { return float64(int32(u32(b))) }},
	"I16":  {2, func(b []byte) float64 { return float64(int16(u16(b))) }},
	"I8":   {1, func(b []byte) float64 { return float64(int8(b[0])) }},
	"U64":  {8, func(b []byte) float64 { return float64(u64(b)) }},
	"U32":  {4, func(b []byte) float64 { return float64(u32(b)) }},
	"U16":  {2, func(b []byte) float64 { return float64(u16(b)) }},
	"U8":   {1, func(b []byte) float64 { return float64(b[0]) }},
	"BOOL": {1, func(b []byte) float64 { return float64(min(b[0], 1)) }},
}

var u16, u32, u64 = binary.LittleEndian.Uint16, binary.LittleEndian.Uint32, binary.LittleEndian.Uint64

// half returns the value of a float16: a sign, 5 bits of exponent with bias 15, 10 bits of fraction (IEEE 754, binary16).
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	var v float64
	switch {
	case exponent == 31 && fraction == 0:
		v = math.Inf(1)
	case exponent == 31:
		return math.NaN()
	case exponent == 0:
		v = math.Ldexp(fraction, -24)
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if bits>>15 == 1 {
		return -v
	}
	return v
}
