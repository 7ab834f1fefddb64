package cell

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// TestBounds checks that a step touches nothing outside its slices. Each slice ends, or begins, at a page
// that faults.
func TestBounds(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	page := syscall.Getpagesize()
	room := func(pages int) []float64 {
		mem, err := syscall.Mmap(-1, 0, (pages+2)*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { syscall.Munmap(mem) })
		for _, wall := range [][]byte{mem[:page], mem[(pages+1)*page:]} {
			if err := syscall.Mprotect(wall, syscall.PROT_NONE); err != nil {
				t.Fatal(err)
			}
		}
		return unsafe.Slice((*float64)(unsafe.Pointer(&mem[page])), pages*page/8)
	}
	var rooms [][]float64
	fields(newStep(1), func(string, *[]float64) { rooms = append(rooms, room(2)) })
	weights := room(40)
	paths(t, func(t *testing.T) {
		for h := 1; h <= 70; h++ {
			for _, end := range []bool{false, true} {
				side := func(room []float64, n int) []float64 {
					v := room[:n]
					if end {
						v = room[len(room)-n:]
					}
					for i := range v {
						v[i] = rng.NormFloat64()
					}
					return v
				}
				s, at := newStep(h), 0
				fields(s, func(_ string, v *[]float64) {
					*v = side(rooms[at], len(*v))
					at++
				})
				wh := side(weights, 4*h*h)
				forward(s, wh)
				backward(s, wh)
			}
		}
	})
}
