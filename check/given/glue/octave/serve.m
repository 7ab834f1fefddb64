% MATLAB, Octave: put this beside your own code as serve.m; call it last. params and grads are structs of matrices; loss(params) is a number.
function serve(loss, params, grads, value)  % value: the loss that came with grads
  rows = @(a) ['[' strrep(strrep(mat2str(a, 17), ' ', ', '), ';', '], [') ']'];
  object = @(s) strjoin(cellfun(@(name) ['"' name '": ' rows(s.(name))], fieldnames(s)', 'UniformOutput', false), ', ');
  fprintf('{"loss": %.17g, "params": {%s}, "grads": {%s}}\n', value, object(params), object(grads));
  while true
    try, word = strsplit(input('', 's')); catch, return; end
    if strcmp(word{1}, 'loss'), fprintf('%.17g\n', loss(params)); continue; end
    columns = size(params.(word{2}), 2);
    index = str2double(word{3});
    params.(word{2})(floor(index / columns) + 1, mod(index, columns) + 1) = str2double(word{4});
  end
