# Three tanh neurons and their sum. julia example.jl, or julia example.jl wrong
include("serve.jl")

const x, t = [0.5 1.5; -1.2 0.3], [0.4, -1.0]  # a sample is a column
const params = Dict("W" => [0.8 -0.4; 0.3 0.9; -0.7 0.2], "b" => [0.1, -0.2, 0.05], "v" => [1.1, -0.6, 0.7])

function forward()
    a = tanh.(params["W"] * x .+ params["b"])
    y = a' * params["v"]
    return 0.5 * sum((y - t) .^ 2), a, y
end

value, a, y = forward()
dy = y - t
dz = params["v"] * dy'
if !("wrong" in ARGS)
    dz = dz .* (1 .- a .^ 2)
end
grads = Dict("W" => dz * x', "b" => vec(sum(dz, dims=2)), "v" => a * dy)
serve(() -> forward()[1], params, grads, value)
