package proof
import ("flag"; "lstm/train/rng")
var verbose = flag.Bool("unc", false, "")
func nil2() *rng.Rand { return rng.New(1) }
