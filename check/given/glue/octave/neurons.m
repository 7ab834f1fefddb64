% Three tanh neurons and their sum. octave-cli neurons.m, or octave-cli neurons.m wrong.
% MATLAB: matlab -nodesktop -nojvm -r "neurons; exit"
addpath(fileparts(mfilename('fullpath')));
wrong = exist('OCTAVE_VERSION', 'builtin') && any(strcmp(argv(), 'wrong'));

x = [0.5 -1.2; 1.5 0.3];
t = [0.4; -1.0];
params = struct('W', [0.8 -0.4; 0.3 0.9; -0.7 0.2], 'b', [0.1; -0.2; 0.05], 'v', [1.1; -0.6; 0.7]);

a = @(p) tanh(x * p.W' + p.b');
loss = @(p) 0.5 * sum((a(p) * p.v - t) .^ 2);
dy = a(params) * params.v - t;
dz = dy * params.v';
if ~wrong
  dz = dz .* (1 - a(params) .^ 2);
end
grads = struct('W', dz' * x, 'b', sum(dz, 1)', 'v', a(params)' * dy);
serve(loss, params, grads, loss(params));
