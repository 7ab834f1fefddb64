package tensor

import (
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// A reference for exp, σ and tanh in math/big: fixed-point integers with fracBits bits after
// the point. Its relative error is about 2^-145.
const fracBits = 160

var (
	one   = new(big.Int).Lsh(big.NewInt(1), fracBits)
	bigLn = bigLn2()
)

// bigLn2 returns ln 2 = Σ 1/(n 2ⁿ) with 64 guard bits, as a fixed-point integer of
// fracBits+64 bits.
func bigLn2() *big.Int {
	const bits = fracBits + 64
	sum := new(big.Int)
	for n := int64(1); n <= bits; n++ {
		t := new(big.Int).Lsh(big.NewInt(1), uint(bits-n))
		sum.Add(sum, t.Quo(t, big.NewInt(n)))
	}
	return sum
}

// fixed returns round(x·2^bits) for a finite x.
func fixed(x float64, bits int) *big.Int {
	fr, e := math.Frexp(x)
	m := big.NewInt(int64(fr * (1 << 53)))
	if s := e - 53 + bits; s >= 0 {
		return m.Lsh(m, uint(s))
	} else {
		return m.Rsh(m, uint(-s))
	}
}

// refExp returns m and k such that e^x = m·2^(k-fracBits), for |x| < 2000.
func refExp(x float64) (m *big.Int, k int) {
	k = int(math.Round(x / math.Ln2))
	r := fixed(x, fracBits+64) // exact for |x| ≥ 2^-171
	r.Sub(r, new(big.Int).Mul(bigLn, big.NewInt(int64(k))))
	r.Rsh(r, 64)
	return expFixed(r), k
}

// expFixed returns e^r for a fixed-point |r| < 1: a Taylor series of r/256, squared 8
// times.
func expFixed(r *big.Int) *big.Int {
	const halvings = 8
	r = new(big.Int).Rsh(r, halvings)
	sum, term := new(big.Int).Set(one), new(big.Int).Set(one)
	var n, prod big.Int
	for i := int64(1); term.BitLen() > 1; i++ {
		prod.Mul(term, r)
		term.Rsh(&prod, fracBits)
		term.Quo(term, n.SetInt64(i))
		sum.Add(sum, term)
	}
	for range halvings {
		prod.Mul(sum, sum)
		sum.Rsh(&prod, fracBits)
	}
	return sum
}

// A value is m·2^e with a big m. The references return values.
type value struct {
	m *big.Int
	e int
}

func refExpValue(x float64) value {
	m, k := refExp(x)
	return value{m, k - fracBits}
}

func refSigmoid(x float64) value {
	m, k := refExp(-math.Abs(x))
	a := new(big.Int).Rsh(m, uint(-k)) // e^-|x|, fixed
	s := new(big.Int).Lsh(one, fracBits)
	s.Quo(s, a.Add(a, one)) // 1/(1+a)
	if x >= 0 {
		return value{s, -fracBits}
	}
	return value{s.Mul(s, m), k - 2*fracBits}
}

func refTanh(x float64) value {
	if math.Abs(x) < 0x1p-30 { // tanh x = x (1 - z/3 + 2z²/15 - …), z = x²
		z := fixed(x*x, fracBits) // the error of x² is 2^-113, small enough
		s := new(big.Int).Mul(z, z)
		s.Rsh(s, fracBits)
		s.Mul(s, big.NewInt(2)).Quo(s, big.NewInt(15))
		s.Sub(s, z.Quo(z, big.NewInt(3))).Add(s, one)
		fr, e := math.Frexp(x)
		return value{s.Mul(s, big.NewInt(int64(fr*(1<<53)))), e - 53 - fracBits}
	}
	m, k := refExp(-2 * math.Abs(x))
	a := m.Rsh(m, uint(-k))
	num := new(big.Int).Sub(one, a)
	num.Lsh(num, fracBits).Quo(num, a.Add(a, one))
	if x < 0 {
		num.Neg(num)
	}
	return value{num, -fracBits}
}

// ulps returns the distance of got from want, in units in the last place of want.
func ulps(got float64, want value) float64 {
	if math.IsNaN(got) {
		return math.NaN()
	}
	exp := want.m.BitLen() + want.e // |want| in [2^(exp-1), 2^exp)
	ulp := max(exp-53, -1074)
	if exp > 1024 { // the true value rounds to infinity, or nearly
		if math.IsInf(got, 0) {
			return 0
		}
		ulp = 1024 - 53
	} else if math.IsInf(got, 0) {
		return math.Inf(1)
	}
	// d = got − want in units of 2^want.e, both made integers there.
	fr, e := math.Frexp(got)
	g := big.NewInt(int64(fr * (1 << 53)))
	d := new(big.Int)
	if s := e - 53 - want.e; got == 0 || s >= 0 {
		d.Sub(g.Lsh(g, uint(max(s, 0))), want.m)
	} else {
		return math.Inf(1) // got has bits far below want
	}
	f, _ := new(big.Float).SetInt(d).Float64()
	return math.Abs(math.Ldexp(f, want.e-ulp))
}

// hard lists the arguments at which exp, σ and tanh switch formulas or change k: around zero, the
// thresholds of overflow, underflow and saturation, and every step of k. Each comes with its
// neighbours.
func hard(neighbours int) []float64 {
	points := []float64{
		math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64, 0x1p-1023, -0x1p-1023,
		math.MaxFloat64, -math.MaxFloat64, 1e308, 1e5, -1e5, 1e-320, -1e-310,
	}
	around := func(c float64, n int) {
		up, down := c, c
		for range n {
			points = append(points, up, down, -up, -down)
			up, down = math.Nextafter(up, math.Inf(1)), math.Nextafter(down, math.Inf(-1))
		}
	}
	for _, c := range []float64{
		0, 1, -1, tanhSmall, -tanhSmall, 0x1p-1022, -0x1p-1022, 0x1p-537, 0x1p-27, 0x1p-30,
		expMax, expMin, sigmoidMin, 709.782712893384, -708.3964185322641, -745.1332191019411, -744.4400719213812,
		0.6310198666659497, -4.499448026134598, 3.8696603278821904, // the largest errors known
		36.7368005696771, 37.42994775023705, 19.061547465398498, 18.714973875118524, -36.7368005696771,
	} {
		around(c, 16)
	}
	for k := -1076; k <= 1025; k++ {
		around((float64(k)+0.5)*math.Ln2, neighbours)
		around(float64(k)*math.Ln2, neighbours)
		around((float64(k)+0.5)*math.Ln2/2, neighbours)
	}
	return points
}

var points = flag.Int("points", 0, "TestUlp: random points for each function, and 16 neighbours of the hard ones; 1000000 takes 20 s")

// TestUlp compares the errors of exp, σ and tanh with the documented ones.
func TestUlp(t *testing.T) {
	n, neighbours := *points, 16
	if n == 0 {
		n, neighbours = 20_000, 1
	}
	functions := []struct {
		name   string
		fn     func(z, x []float64)
		ref    func(x float64) value
		lo, hi float64 // the range of the random points
		ulp    float64 // the documented error
	}{
		{"exp", Exp, refExpValue, -746, 710, 1.02},
		{"sigmoid", Sigmoid, refSigmoid, -709, 40, 1.69},
		{"tanh", Tanh, refTanh, -20, 20, 1.5},
	}
	for _, f := range functions {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(1, 2))
			points := hard(neighbours)
			for i := range n {
				var x float64
				switch i % 5 {
				case 0: // the whole range
					x = f.lo + rng.Float64()*(f.hi-f.lo)
				case 1, 2: // the range in which the results vary
					x = (rng.Float64() - 0.5) * 8
				case 3: // the range in which tanh and σ are least accurate
					x = tanhSmall + rng.Float64()*0.05
					if i%2 == 0 {
						x = -(float64(rng.IntN(40))+0.5)*math.Ln2 + (rng.Float64()-0.5)*0.06
					}
				case 4: // every magnitude
					x = math.Ldexp(1+rng.Float64(), rng.IntN(60)-50)
					if x > 800 {
						x = 1 / x
					}
					if rng.IntN(2) == 0 {
						x = -x
					}
				}
				points = append(points, x)
			}
			got := make([]float64, len(points))
			f.fn(got, points)

			var worst, at float64
			for i, x := range points {
				if f.name == "sigmoid" && x < -708.74 && got[i] == 0 {
					continue // as documented
				}
				e := ulps(got[i], f.ref(min(max(x, -1500), 1500))) // beyond ±1500 nothing changes
				if !(e <= worst) {
					worst, at = e, x
				}
			}
			t.Logf("%s: worst error %.3f ulp at %v, of %d points", f.name, worst, at, len(points))
			if !(worst <= f.ulp && worst > f.ulp-0.01) {
				t.Errorf("%s: error of %.3f ulp at %v (%x), documented as %v", f.name, worst, at, at, f.ulp)
			}
		})
	}
}

// TestReference compares the reference with values known to 40 digits.
func TestReference(t *testing.T) {
	for _, c := range []struct {
		ref  func(float64) value
		x    float64
		want string
	}{
		{refExpValue, 1, "2.718281828459045235360287471352662497757"},
		{refExpValue, -700, "9.859676543759770856705372947849465105116e-305"},
		{refSigmoid, -1, "0.2689414213699951207488407581781637256349"},
		{refSigmoid, 2, "0.8807970779778824440597291413023967952064"},
		{refTanh, 0.5, "0.4621171572600097585023184836436725487303"},
		{refTanh, -3, "-0.9950547536867304513318801852554884750978"},
	} {
		v := c.ref(c.x)
		got := new(big.Float).SetPrec(200).SetInt(v.m)
		got.SetMantExp(got, v.e)
		want, _, err := big.ParseFloat(c.want, 10, 200, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		rel := new(big.Float).Quo(new(big.Float).Sub(got, want), want)
		if f, _ := rel.Float64(); math.Abs(f) > 1e-38 {
			t.Errorf("reference at %v: %s, want %s", c.x, got.Text('g', 40), c.want)
		}
	}
}

// TestPolynomials measures the errors of the polynomials of exp and tanh, without rounding errors.
func TestPolynomials(t *testing.T) {
	poly := func(x *big.Float, c ...float64) *big.Float {
		s := new(big.Float).SetPrec(200)
		for i := len(c) - 1; i >= 0; i-- {
			s.Add(s.Mul(s, x), big.NewFloat(c[i]))
		}
		return s
	}
	float := func(v value) *big.Float {
		f := new(big.Float).SetPrec(200).SetInt(v.m)
		return f.SetMantExp(f, v.e)
	}
	rel := func(got, want *big.Float) float64 {
		f, _ := new(big.Float).Quo(new(big.Float).Sub(got, want), want).Float64()
		return math.Abs(f)
	}
	var worstExp, worstTanh float64
	for i := -2000; i <= 2000; i++ {
		r := float64(i) / 2000 * math.Ln2 / 2
		q := poly(new(big.Float).SetPrec(200).SetFloat64(r), 1, 1, e0, e1, e2, e3, e4, e5, e6, e7, e8, e9)
		worstExp = max(worstExp, rel(q, float(value{expFixed(fixed(r, fracBits)), -fracBits})))
		if i <= 0 {
			continue
		}
		x := new(big.Float).SetPrec(200).SetFloat64(float64(i) / 2000 * tanhSmall)
		z := new(big.Float).Mul(x, x)
		s := new(big.Float).Quo(poly(z, p0, p1, p2), poly(z, q0, q1, q2, 1))
		s.Mul(s, z).Mul(s, x).Add(s, x)
		xf, _ := x.Float64()
		worstTanh = max(worstTanh, rel(s, float(refTanh(xf))))
	}
	t.Logf("exp 2^%.2f, tanh 2^%.2f", math.Log2(worstExp), math.Log2(worstTanh))
	if worstExp > math.Exp2(-57.25) {
		t.Errorf("exp's polynomial is off by 2^%.2f, documented as 2^-57.3", math.Log2(worstExp))
	}
	if worstTanh > math.Exp2(-59.3) {
		t.Errorf("tanh's rational function is off by 2^%.2f, documented as 2^-59.3", math.Log2(worstTanh))
	}
}

// TestSpecial checks the exact properties: limits, symmetry, ranges, NaN.
func TestSpecial(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	call := func(f func(z, x []float64), x float64) float64 {
		z := []float64{x}
		f(z, z)
		return z[0]
	}
	for _, c := range []struct {
		name string
		fn   func(z, x []float64)
		x, z float64
	}{
		{"Exp", Exp, 0, 1}, {"Exp", Exp, math.Copysign(0, -1), 1}, {"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0},
		{"Exp", Exp, 709.782712893384, 0x1.fffffffffff2ap1023}, {"Exp", Exp, 709.7827128933841, inf},
		{"Exp", Exp, -745.1332191019411, math.SmallestNonzeroFloat64}, {"Exp", Exp, -745.1332191019412, 0},
		{"Sigmoid", Sigmoid, 0, 0.5}, {"Sigmoid", Sigmoid, math.Copysign(0, -1), 0.5},
		{"Sigmoid", Sigmoid, -708.7429921225440, 0x1.6a09e667f3d2ap-1023}, {"Sigmoid", Sigmoid, -708.7429921225442, 0},
		{"Sigmoid", Sigmoid, inf, 1}, {"Sigmoid", Sigmoid, -inf, 0}, {"Sigmoid", Sigmoid, 1e300, 1}, {"Sigmoid", Sigmoid, -1e300, 0},
		{"Tanh", Tanh, 0, 0}, {"Tanh", Tanh, math.Copysign(0, -1), math.Copysign(0, -1)},
		{"Tanh", Tanh, inf, 1}, {"Tanh", Tanh, -inf, -1}, {"Tanh", Tanh, 0x1p-1074, 0x1p-1074}, {"Tanh", Tanh, 1e-200, 1e-200},
	} {
		if z := call(c.fn, c.x); math.Float64bits(z) != math.Float64bits(c.z) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, z, c.z)
		}
	}
	// If a compiler fuses a product into the following sum, this result changes.
	if z := call(Tanh, 0x1.3cfa97595d456p-1); z != 0x1.19db3841fb61p-1 {
		t.Errorf("Tanh(0x1.3cfa97595d456p-1) = %x, want 0x1.19db3841fb61p-1", z)
	}
	for name, f := range map[string]func(z, x []float64){"Exp": Exp, "Sigmoid": Sigmoid, "Tanh": Tanh} {
		if z := call(f, nan); !math.IsNaN(z) {
			t.Errorf("%s(NaN) = %v", name, z)
		}
	}
	for _, x := range append(hard(16), inf) {
		s, th, e := call(Sigmoid, x), call(Tanh, x), call(Exp, x)
		if !(0 <= s && s <= 1) {
			t.Errorf("Sigmoid(%v) = %v, outside [0, 1]", x, s)
		}
		if neg := call(Tanh, -x); math.Float64bits(neg) != math.Float64bits(-th) {
			t.Errorf("Tanh(%v) = %v, but Tanh(%v) = %v", x, th, -x, neg)
		}
		if !(-1 <= th && th <= 1) {
			t.Errorf("Tanh(%v) = %v, outside [-1, 1]", x, th)
		}
		if !(e >= 0) {
			t.Errorf("Exp(%v) = %v", x, e)
		}
	}
}

func ExampleSigmoid() {
	z := []float64{-40, -1, 0, 1, 40}
	Sigmoid(z, z)
	fmt.Printf("%.4g\n", z)
	// Output: [4.248e-18 0.2689 0.5 0.7311 1]
}
