package main
import ("testing";"lstm/cell")
func BenchmarkZP(b *testing.B){
 for _,s:=range [][4]int{{1,5,1,22},{1,32,1,64}}{
 X,H,O,T:=s[0],s[1],s[2],s[3]
 p,g:=cell.New(X,H,O),cell.New(X,H,O); wave(p.All)
 x,z,h,y,dh:=wave(make([]float64,T*X)),make([]float64,T*4*H),wave(make([]float64,(T+1)*H)),make([]float64,T*O),make([]float64,(T+1)*H)
 _=O
 n:=func(s string)string{return s+string(rune('0'+H%10))}
 b.Run(n("Input"),func(b *testing.B){for b.Loop(){p.Input(z,x,T)}})
 b.Run(n("Read"),func(b *testing.B){for b.Loop(){p.Read(y,h[H:],T)}})
 b.Run(n("ReadBackward"),func(b *testing.B){for b.Loop(){p.ReadBackward(dh[H:],y,T)}})
 b.Run(n("InputBackward"),func(b *testing.B){for b.Loop(){p.InputBackward(x,z,T)}})
 wave(z);wave(x)
 b.Run(n("Accumulate"),func(b *testing.B){for b.Loop(){g.Accumulate(x,h[:T*H],z,T)}})
 b.Run(n("AccumulateRead"),func(b *testing.B){for b.Loop(){g.AccumulateRead(h[H:],y,T)}})
 b.Run(n("clear"),func(b *testing.B){for b.Loop(){clear(g.All);clear(dh);clear(x)}})
 }
}
