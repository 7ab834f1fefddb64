# Perl: paste this above your own code; call it last. params and grads map names to references of arrays, nested or flat.
sub serve {
    my ($loss, $params, $grads, $value, %lstm) = @_;  # value: the loss that came with grads; of an LSTM also x => \@x, target => \@target
    sub rows { my $v = shift; ref $v ? '[' . join(', ', map { rows($_) } @$v) . ']' : sprintf '%.17g', $v }
    sub object { my $h = shift; '{' . join(', ', map { "\"$_\": " . rows($h->{$_}) } sort keys %$h) . '}' }
    $| = 1;  # no output waits in a buffer
    printf "{\"loss\": %.17g, \"params\": %s, \"grads\": %s%s\n", $value, object($params), object($grads), (%lstm ? ', ' : '') . substr(object(\%lstm), 1);
    while (my ($word, $name, $index, $number) = split ' ', <STDIN> // '') {
        if ($word eq 'loss') { printf "%.17g\n", $loss->(); next }
        ${ (map { ref $_ ? \(@$_) : \$_ } @{ $params->{$name} })[$index] } = $number;
    }
}
1;
