"""The training workloads of src/bench/workloads.ts in JAX and in PyTorch, on the accelerator that they find.

    python3 tests/peers/jax_torch.py [WORKLOAD,…] [TRIALS,…]

JAX is `jit(vmap(scan))`: one program for all steps of all trials. PyTorch is batched over the trials with autograd, a step a CUDA graph
where there is CUDA. Both train the same shapes on data of the same size, from weights of their own; a learning rate a trial, so small
that none diverges. Prints a line of JSON a measurement: trial-steps a second, the median of five.
"""
import json
import math
import statistics
import sys
import time

# id: widths, activation, samples, batch norm, factor of the loss
WORKLOADS = {
    'A': ([16, 16, 1], 'tanh', 16, False, 1.0),
    "A'": ([16, 16, 1], 'tanh', 272, False, 1.0),
    'B': ([8, 32, 32, 32, 32, 1], 'relu', 64, False, 0.5),
    'C': ([8, 32, 32, 32, 32, 1], 'relu', 64, True, 0.5),
    'D': ([1, 1, 1, 1, 1, 1], 'identity', 64, True, 0.5),
    'T': ([8, 16, 16, 16, 16, 1], 'relu', 128, False, 0.5),
    'T+BN': ([8, 16, 16, 16, 16, 1], 'relu', 128, True, 0.5),
}
EPSILON = 1e-5
SECONDS = 0.4
STEPS = 50  # of a call


def median_rate(trials, run):
    """`run(steps)` trains and waits for the end."""
    run(STEPS)
    start = time.perf_counter()
    run(STEPS)
    repeats = max(1, math.ceil(SECONDS / (time.perf_counter() - start)))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(repeats):
            run(STEPS)
        times.append(time.perf_counter() - start)
    return trials * STEPS * repeats / statistics.median(times)


def jax_rate(workload, trials):
    import jax
    import jax.numpy as jnp

    widths, activation, samples, normalized, factor = WORKLOADS[workload]
    act = {'tanh': jnp.tanh, 'relu': jax.nn.relu, 'identity': lambda z: z}[activation]
    keys = jax.random.split(jax.random.PRNGKey(0), 2 + len(widths))
    x = jax.random.normal(keys[0], (samples, widths[0]))
    y = jax.random.normal(keys[1], (samples, widths[-1]))
    last = len(widths) - 2

    def loss(parameters):
        a = x
        for layer, own in enumerate(parameters):
            a = a @ own['w']
            if 'gamma' in own:
                mean, variance = a.mean(0), a.var(0)
                a = own['gamma'] * (a - mean) * jax.lax.rsqrt(variance + EPSILON) + own['beta']
            if layer < last:
                a = act(a)
        return factor * jnp.mean((a - y) ** 2)

    def train(parameters, rate):
        def step(parameters, _):
            value, gradient = jax.value_and_grad(loss)(parameters)
            return jax.tree.map(lambda p, g: p - rate * g, parameters, gradient), value

        return jax.lax.scan(step, parameters, None, length=STEPS)

    many = jax.jit(jax.vmap(train), donate_argnums=0)
    parameters = []
    for layer, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
        weights = jax.random.normal(keys[2 + layer], (trials, fan_in, fan_out)) * math.sqrt(2 / fan_in)
        own = {'w': weights if activation != 'identity' else jnp.ones_like(weights)}
        if normalized and layer < last:
            own |= {'gamma': jnp.ones((trials, fan_out)), 'beta': jnp.zeros((trials, fan_out))}
        parameters.append(own)
    rates = jnp.geomspace(1e-4, 1e-3, trials)
    state = [parameters]

    def run(_):
        state[0], losses = many(state[0], rates)
        losses.block_until_ready()
        run.losses = losses

    rate = median_rate(trials, run)
    assert bool(jnp.isfinite(run.losses).all())
    return rate


def torch_rate(workload, trials):
    import torch
    from torch.nn import functional as F

    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = False
    widths, activation, samples, normalized, factor = WORKLOADS[workload]
    act = {'tanh': torch.tanh, 'relu': torch.relu, 'identity': lambda z: z}[activation]
    x = torch.randn(1, widths[0], samples, device=device).expand(trials, -1, -1)
    y = torch.randn(1, widths[-1], samples, device=device)
    last = len(widths) - 2
    layers, parameters = [], []
    for layer, (fan_in, fan_out) in enumerate(zip(widths, widths[1:])):
        weights = torch.randn(trials, fan_in, fan_out, device=device) * math.sqrt(2 / fan_in)
        own = [weights if activation != 'identity' else torch.ones_like(weights)]
        if normalized and layer < last:
            own += [torch.ones(trials, fan_out, 1, device=device), torch.zeros(trials, fan_out, 1, device=device)]
        layers.append([p.requires_grad_() for p in own])
        parameters += own
    rates = torch.logspace(-4, -3, trials, device=device).reshape(-1, 1, 1)

    def step():
        a = x
        for layer, (weights, *affine) in enumerate(layers):
            a = a * weights.transpose(1, 2) if weights.shape[1] == 1 else torch.bmm(weights.transpose(1, 2), a)
            if affine:
                gamma, beta = (p.flatten() for p in affine)
                a = F.batch_norm(a.reshape(1, -1, samples), None, None, gamma, beta, True, 0.0, EPSILON).view(a.shape)
            if layer < last:
                a = act(a)
        losses = factor * (a - y).square().mean((1, 2))
        gradients = torch.autograd.grad(losses.sum(), parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients):
                parameter.addcmul_(gradient, rates, value=-1)
        return losses

    if device == 'cpu':
        def run(steps):
            for _ in range(steps):
                run.losses = step()
    else:
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            losses = step()

        def run(steps):
            for _ in range(steps):
                graph.replay()
            torch.cuda.synchronize()
            run.losses = losses

    rate = median_rate(trials, run)
    assert bool(torch.isfinite(run.losses).all())
    return rate


def main(workloads, trials):
    import importlib

    for name, rate in (('jax', jax_rate), ('torch', torch_rate)):
        try:
            version = importlib.import_module(name).__version__
        except ImportError:
            continue
        for workload in workloads.split(','):
            for count in map(int, trials.split(',')):
                line = {'library': name, 'version': version, 'workload': workload, 'trials': count}
                try:
                    line['rate'] = round(rate(workload, count))
                except Exception as error:  # out of memory: the next may fit
                    line['error'] = f'{type(error).__name__}: {error}'[:160]
                print(json.dumps(line), flush=True)


main(*(sys.argv[1:] + ['A,B,C,D,T,T+BN', '1024'][len(sys.argv) - 1 :]))
