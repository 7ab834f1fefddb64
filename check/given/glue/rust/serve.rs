// Rust: paste this above main; call it last. arrays(model) has, for each parameter, its name, its number of columns (1 for a
// vector), and its entries, row by row. grad is a model that holds the gradient; value is the loss that came with it.
fn serve<M>(model: &mut M, grad: &mut M, arrays: fn(&mut M) -> Vec<(&str, usize, &mut [f64])>, loss: fn(&mut M) -> f64, value: f64) {
    let rows = |(name, columns, v): (&str, usize, &mut [f64])| format!("{name:?}: {:?}", v.chunks(columns).collect::<Vec<_>>());
    let object = |m: &mut M| arrays(m).into_iter().map(rows).collect::<Vec<_>>().join(", ");
    println!("{{\"loss\": {value:?}, \"params\": {{{}}}, \"grads\": {{{}}}}}", object(model), object(grad));
    for line in std::io::stdin().lines().map(Result::unwrap) {
        match line.split(' ').collect::<Vec<_>>()[..] {
            ["set", name, i, v] => arrays(model).iter_mut().find(|a| a.0 == name).unwrap().2[i.parse::<usize>().unwrap()] = v.parse().unwrap(),
            _ => println!("{:?}", loss(model)),
        }
    }
}
