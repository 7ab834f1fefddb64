# Three tanh neurons and their sum, with a tanh of one's own. python3 example.py, or python3 example.py wrong
import sys
import jax
import jax.numpy as jnp
from serve import serve

jax.config.update("jax_enable_x64", True)  # without it, JAX computes in float32

@jax.custom_vjp
def tanh(z):
    return jnp.tanh(z)

def tanh_forward(z):
    a = jnp.tanh(z)
    return a, a

def tanh_backward(a, da):
    return (da if "wrong" in sys.argv else da * (1 - a ** 2),)

tanh.defvjp(tanh_forward, tanh_backward)

x, t = jnp.array([[0.5, -1.2], [1.5, 0.3]]), jnp.array([0.4, -1.0])
params = {"W": jnp.array([[0.8, -0.4], [0.3, 0.9], [-0.7, 0.2]]),
          "b": jnp.array([0.1, -0.2, 0.05]), "v": jnp.array([1.1, -0.6, 0.7])}

@jax.jit
def loss(p):
    return 0.5 * jnp.sum((tanh(x @ p["W"].T + p["b"]) @ p["v"] - t) ** 2)

value, grads = jax.value_and_grad(loss)(params)
serve(loss, params, grads, value)
