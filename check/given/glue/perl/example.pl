# Three tanh neurons and their sum. perl example.pl, or perl example.pl wrong
use strict;
use warnings;
use FindBin;
require "$FindBin::Bin/serve.pl";

my @x = ([0.5, -1.2], [1.5, 0.3]);
my @t = (0.4, -1.0);
my %p = (W => [[0.8, -0.4], [0.3, 0.9], [-0.7, 0.2]], b => [0.1, -0.2, 0.05], v => [1.1, -0.6, 0.7]);
my %d = (W => [[0, 0], [0, 0], [0, 0]], b => [0, 0, 0], v => [0, 0, 0]);
my (@a, @y);

sub tanh { my $e = exp(2 * $_[0]); ($e - 1) / ($e + 1) }

sub forward {
    my $loss = 0;
    for my $n (0, 1) {
        $y[$n] = 0;
        for my $j (0 .. 2) {
            $a[$n][$j] = tanh($p{W}[$j][0] * $x[$n][0] + $p{W}[$j][1] * $x[$n][1] + $p{b}[$j]);
            $y[$n] += $p{v}[$j] * $a[$n][$j];
        }
        $loss += 0.5 * ($y[$n] - $t[$n]) ** 2;
    }
    return $loss;
}

my $value = forward();
for my $n (0, 1) {
    for my $j (0 .. 2) {
        my $dy = $y[$n] - $t[$n];
        my $dz = $dy * $p{v}[$j];
        $dz *= 1 - $a[$n][$j] ** 2 unless "@ARGV" eq 'wrong';
        $d{v}[$j] += $dy * $a[$n][$j];
        $d{b}[$j] += $dz;
        $d{W}[$j][$_] += $dz * $x[$n][$_] for 0, 1;
    }
}
serve(\&forward, \%p, \%d, $value);
