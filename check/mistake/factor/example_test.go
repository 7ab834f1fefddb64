package factor_test

import (
	"fmt"

	"lstm/check/mistake/factor"
	"lstm/check/pass"
)

func ExampleSlope_Line() {
	fmt.Println(factor.Slopes[1].Line(pass.F))
	// Output: dzf = dc*cPrev * f*(1-f) * f*(1-f)
}
