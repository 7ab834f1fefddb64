// Three tanh neurons and their sum. rustc -O example.rs && ./example, or ./example wrong
include!("serve.rs");

const X: [[f64; 2]; 2] = [[0.5, -1.2], [1.5, 0.3]];
const T: [f64; 2] = [0.4, -1.0];

struct Net { w: Vec<f64>, b: Vec<f64>, v: Vec<f64> }

fn forward(net: &Net) -> (f64, [[f64; 3]; 2], [f64; 2]) {
    let (mut loss, mut a, mut y) = (0.0, [[0.0; 3]; 2], [0.0; 2]);
    for n in 0..2 {
        for j in 0..3 {
            a[n][j] = (net.w[2 * j] * X[n][0] + net.w[2 * j + 1] * X[n][1] + net.b[j]).tanh();
            y[n] += net.v[j] * a[n][j];
        }
        loss += 0.5 * (y[n] - T[n]).powi(2);
    }
    (loss, a, y)
}

fn arrays(net: &mut Net) -> Vec<(&str, usize, &mut [f64])> {
    vec![("W", 2, &mut net.w), ("b", 1, &mut net.b), ("v", 1, &mut net.v)]
}

fn main() {
    let wrong = std::env::args().nth(1).as_deref() == Some("wrong");
    let mut net = Net { w: vec![0.8, -0.4, 0.3, 0.9, -0.7, 0.2], b: vec![0.1, -0.2, 0.05], v: vec![1.1, -0.6, 0.7] };
    let mut d = Net { w: vec![0.0; 6], b: vec![0.0; 3], v: vec![0.0; 3] };
    let (value, a, y) = forward(&net);
    for n in 0..2 {
        for j in 0..3 {
            let dy = y[n] - T[n];
            let dz = dy * net.v[j] * if wrong { 1.0 } else { 1.0 - a[n][j] * a[n][j] };
            d.v[j] += dy * a[n][j];
            d.b[j] += dz;
            d.w[2 * j] += dz * X[n][0];
            d.w[2 * j + 1] += dz * X[n][1];
        }
    }
    serve(&mut net, &mut d, arrays, |net| forward(net).0, value);
}
