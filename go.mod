module lstm

go 1.24
