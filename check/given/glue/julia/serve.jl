# Julia: paste this above your own code; call it last. params and grads are Dicts of names and arrays.
function serve(loss, params, grads, value)  # value: the loss that came with grads
    rows(a) = ndims(a) == 0 ? string(Float64(a[])) : "[" * join(map(rows, eachslice(a, dims=1)), ", ") * "]"
    object(d) = "{" * join(["\"$name\": " * rows(a) for (name, a) in d], ", ") * "}"
    println("{\"loss\": ", Float64(value), ", \"params\": ", object(params), ", \"grads\": ", object(grads), "}"); flush(stdout)
    for line in eachline(stdin)
        word = split(line)
        word[1] == "loss" && (println(Float64(loss())); flush(stdout); continue)
        p = params[word[2]]  # its entries are counted row by row
        PermutedDimsArray(p, collect(ndims(p):-1:1))[parse(Int, word[3]) + 1] = parse(Float64, word[4])
    end
end
