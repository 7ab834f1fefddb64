//go:build !amd64 || purego

package tensor

const hasAVX2, hasAVX512 = false, false

// Nothing calls these functions: they stand in for the assembly.

func vecMatAVX2(*float64, int, *float64, int, *float64, int, int)                     {}
func vecMatAVX512(*float64, int, *float64, int, *float64)                             {}
func matVecAVX2(*float64, int, *float64, *float64, int, int, *[32]int64)              {}
func matVecAVX512(*float64, int, *float64, *float64, int, int, int)                   {}
func sumRowsAVX512(*float64, int, *float64, int, *float64)                            {}
func sumRows(*float64, *float64, int, *float64, int, int, *float64, int)              {}
func tile4(*float64, int, int, *float64, int, *float64, int, int, *float64, int, int) {}
func tile8(*float64, int, int, *float64, int, int, *float64, int, int)                {}
func chainsAVX2(*float64, int, float64, *float64, *float64, int)                      {}
func columnsAVX2(*float64, *float64, int, *float64, int)                              {}
func dotAVX2(*Lanes, *float64, *float64, int, *[32]int64) float64                     { return 0 }
func expAVX2(*float64, *float64, int, *[28][4]float64)                                {}
func sigmoidAVX2(*float64, *float64, int, *[28][4]float64)                            {}
func tanhAVX2(*float64, *float64, int, *[28][4]float64)                               {}
func adamAVX2(*float64, *float64, *float64, *float64, int, *AdamStep, float64)        {}
func divAVX2(*float64, int, float64)                                                  {}
