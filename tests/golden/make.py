"""Golden files by PyTorch: autograd in float64, from inline data and weights. Needs Debian's python3-torch.

    /usr/bin/python3 tests/golden/make.py --check [FILE…]   trains every golden again and compares (all of this folder by default)
    /usr/bin/python3 tests/golden/make.py FILE…             writes each again; of an experiment, training-NAME.json in this folder

The semantics are the experiment document's (src/experiment). What lies in random numbers of the project's own (data, initial
weights and minibatches that are drawn) is refused: a golden holds its numbers inline. Kinds that this script does not know are too.
"""
import copy
import json
import math
import re
import sys
from pathlib import Path

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

FOLDER = Path(__file__).parent
TOLERANCE = 1e-9
# From where a loss is this many times its first, rounding decides what becomes of it.
DIVERGED = 500

ACTIVATIONS = {
    'identity': lambda z: z,
    'relu': torch.relu,
    'leaky-relu': lambda z: F.leaky_relu(z, 0.01),
    'sigmoid': torch.sigmoid,
    'tanh': torch.tanh,
}
LOSSES = {
    'mse': F.mse_loss,
    'half-mse': lambda out, y: 0.5 * F.mse_loss(out, y),
    'logistic': F.binary_cross_entropy_with_logits,
}
SCALINGS = {
    'standard': lambda fan_in, is_output: 1,
    'ntk': lambda fan_in, is_output: 1 / math.sqrt(fan_in),
    'mean-field': lambda fan_in, is_output: 1 / fan_in if is_output else 1 / math.sqrt(fan_in),
}
NORMALIZED = {
    'hidden': lambda layer, last: layer < last,
    'all': lambda layer, last: True,
    'last': lambda layer, last: layer == last - 1,
}
AFFINE = ('trained', 'frozen')


def expect(value, allowed, what):
    """The value, where it is one of those allowed."""
    if value not in allowed:
        raise SystemExit(f'{what}: found {value!r}, known here: {", ".join(map(repr, allowed))}')
    return value


# --- The document ---------------------------------------------------------------------------------------------------


def filled(trial):
    """A copy with every default that is read below."""
    trial = copy.deepcopy(trial)
    model, optimizer = trial['model'], trial['optimizer']
    defaults = {
        'preactivationGain': 1,
        'bias': False,
        'scaling': 'standard',
        'normalization': {},
        'initialization': {},
    }
    trial['model'] = model = {**defaults, **model}
    model['normalization'] = {
        **{'type': 'none', 'placement': 'pre', 'affine': 'trained', 'epsilon': 1e-5, 'layers': 'hidden'},
        **model['normalization'],
    }
    model['initialization'] = {'gain': 1, **model['initialization']}
    trial['optimizer'] = {'type': 'sgd', 'momentum': 0, 'weightDecay': 0, 'batch': 'full', **optimizer}
    return trial


def axis_values(axis):
    """Evenly spaced in the axis's scale, both ends exact."""
    start, end, last = axis['from'], axis['to'], axis['count'] - 1
    ends = {0: start, last: end, **({0: start} if last == 0 else {})}

    def between(i):
        if axis['scale'] == 'log':
            return start ** ((last - i) / last) * end ** (i / last)
        return (start * (last - i) + end * i) / last

    return [ends[i] if i in ends else between(i) for i in range(last + 1)]


def set_parameter(trial, path, value):
    """Sets a field by its path; one number for all layers becomes a list where one layer's is set."""
    keys = [int(key) if key.isdigit() else key for key in re.findall(r'\w+', path)]
    place = trial
    for key, following in zip(keys, keys[1:]):
        if isinstance(following, int) and not isinstance(place[key], list):
            place[key] = [place[key]] * (len(trial['model']['hidden']) + 1)
        place = place[key]
    place[keys[-1]] = value


def trials(experiment):
    """Every cell of every arm: (arm, ix, iy, document)."""
    shared = {key: value for key, value in experiment.items() if key not in ('arms', 'axes')}
    x, y = experiment['axes']['x'], experiment['axes'].get('y')
    for arm, chosen in enumerate(experiment['arms']):
        for iy, y_value in enumerate(axis_values(y) if y else [None]):
            for ix, x_value in enumerate(axis_values(x)):
                trial = filled(shared)
                for path, value in chosen['set'].items():
                    set_parameter(trial, path, value)
                set_parameter(trial, x['parameter'], x_value)
                if y:
                    set_parameter(trial, y['parameter'], y_value)
                yield arm, ix, iy, trial


# --- Training -------------------------------------------------------------------------------------------------------


def per_layer(value, layers):
    return value if isinstance(value, list) else [value] * layers


class Network:
    """The trial's model with parameters of its own, in layers."""

    def __init__(self, model):
        widths = [model['inputs'], *model['hidden'], model['outputs']]
        self.last = last = len(widths) - 2
        self.activation = ACTIVATIONS[expect(model['activation'], ACTIVATIONS, 'model.activation')]
        self.gain = model['preactivationGain']
        scaling = SCALINGS[expect(model['scaling'], SCALINGS, 'model.scaling')]
        self.scales = [scaling(fan_in, layer == last) for layer, fan_in in enumerate(widths[:-1])]
        norm = model['normalization']
        expect(norm['type'], ('none', 'batch'), 'model.normalization.type')
        placed = NORMALIZED[expect(norm['layers'], NORMALIZED, 'model.normalization.layers')]
        self.normalized = [norm['type'] == 'batch' and placed(layer, last) for layer in range(last + 1)]
        self.placement = expect(norm['placement'], ('pre', 'post'), 'model.normalization.placement')
        self.epsilon = norm['epsilon']

        start = model['initialization']
        expect(start['type'], ('inline', 'constant'), 'model.initialization.type')
        gains = per_layer(start.get('gainLayers', start['gain']), last + 1)
        shapes = list(zip(widths, widths[1:]))
        ones = [torch.ones(shape) for shape in shapes]
        drawn = map(torch.tensor, start['weights']) if start['type'] == 'inline' else ones
        self.weights = [(gain * w).requires_grad_() for gain, w in zip(gains, drawn)]

        def vectors(name, value):
            given = start.get(name) or [[]] * (last + 1)
            return [
                torch.tensor(entry) if entry else torch.full((width,), float(value))
                for entry, width in zip(given, widths[1:])
            ]

        self.biases = vectors('biases', 0) if model['bias'] else None
        self.gammas = vectors('gammas', 1)
        self.betas = vectors('betas', 0)
        self.is_affine = expect(norm['affine'], AFFINE, 'model.normalization.affine') == 'trained'
        if not self.is_affine:
            self.gammas = [torch.ones_like(gamma) for gamma in self.gammas]
            self.betas = [torch.zeros_like(beta) for beta in self.betas]

    def groups(self):
        """The trained parameters: (layer, whether of the normalization, whether it decays, tensor)."""
        for layer, weights in enumerate(self.weights):
            yield layer, False, True, weights
            if self.biases:
                yield layer, False, False, self.biases[layer]
            if self.normalized[layer] and self.is_affine:
                yield layer, True, False, self.gammas[layer]
                yield layer, True, False, self.betas[layer]

    def normalize(self, layer, z):
        """By the statistics of this batch, the variance biased."""
        return F.batch_norm(z, None, None, self.gammas[layer], self.betas[layer], True, 0.0, self.epsilon)

    def __call__(self, x):
        a = x
        for layer, weights in enumerate(self.weights):
            is_hidden = layer < self.last
            a = self.scales[layer] * (a @ weights)
            if self.biases:
                a = a + self.biases[layer]
            if self.normalized[layer] and (self.placement == 'pre' or not is_hidden):
                a = self.normalize(layer, a)
            if is_hidden:
                a = self.activation(self.gain * a)
            if self.normalized[layer] and self.placement == 'post' and is_hidden:
                a = self.normalize(layer, a)
        return a


def norm_of(tensors):
    return math.sqrt(sum(float((tensor**2).sum()) for tensor in tensors))


def train(trial):
    """The losses and the norms of gradient and weights before every update; nothing stops early."""
    data, optimizer = trial['data'], trial['optimizer']
    expect(data['type'], ('inline',), 'data.type')
    expect(optimizer['type'], ('sgd',), 'optimizer.type')
    expect(optimizer['batch'], ('full',), 'optimizer.batch')
    expect(data.get('noise', 0), (0,), 'data.noise')
    x = torch.tensor(data['x']) * data.get('inputScale', 1) + data.get('inputShift', 0)
    y = torch.tensor(data['y'])
    loss_of = LOSSES[expect(trial['loss'], LOSSES, 'loss')]
    network = Network(trial['model'])
    layers = len(network.weights)
    rates = per_layer(optimizer['learningRate'], layers)
    norm_rates = per_layer(optimizer.get('learningRateNorm', rates), layers)
    groups = [
        {
            'params': [tensor.requires_grad_()],
            'lr': (norm_rates if is_norm else rates)[layer],
            'weight_decay': optimizer['weightDecay'] if decays else 0,
        }
        for layer, is_norm, decays, tensor in network.groups()
    ]
    sgd = torch.optim.SGD(groups, lr=0, momentum=optimizer['momentum'])
    trace = {'loss': [], 'gradient_norm': [], 'weight_norm': []}
    for _ in range(optimizer['steps']):
        sgd.zero_grad()
        loss = loss_of(network(x), y)
        loss.backward()
        trace['loss'].append(loss.item())
        trace['gradient_norm'].append(norm_of([w.grad for w in network.weights]))
        trace['weight_norm'].append(norm_of([w.detach() for w in network.weights]))
        sgd.step()
    return trace


def training_golden(experiment):
    traces = [{'arm': arm, 'ix': ix, 'iy': iy, **train(trial)} for arm, ix, iy, trial in trials(experiment)]
    return {'about': f'PyTorch {torch.__version__} autograd, float64.', 'experiment': experiment, 'traces': traces}


# --- Single kernels -------------------------------------------------------------------------------------------------


def kernels_golden(golden):
    """The same inputs, every result anew."""
    return {
        'about': f'PyTorch {torch.__version__}, float64; inputs are exact float32 values; '
        'variance is biased; matrices are row-major [row][column].',
        'batch_norm': list(map(batch_norm_case, golden['batch_norm'])),
        'matmul': [
            {**case, 'ab': (torch.tensor(case['a']) @ torch.tensor(case['b'])).tolist()}
            for case in golden['matmul']
        ],
        'activation': list(map(activation_case, golden['activation'])),
    }


def batch_norm_case(case):
    x, gamma, beta = (torch.tensor(case[name]).requires_grad_() for name in ('x', 'gamma', 'beta'))
    y = F.batch_norm(x, None, None, gamma, beta, True, 0.0, case['epsilon'])
    y.backward(torch.tensor(case['dy']))
    results = {
        'y': y,
        'mean': x.mean(0),
        'variance': x.var(0, unbiased=False),
        'dx': x.grad,
        'dgamma': gamma.grad,
        'dbeta': beta.grad,
    }
    return {**case, **{name: result.detach().tolist() for name, result in results.items()}}


def activation_case(case):
    z = torch.tensor(case['z']).requires_grad_()
    y = ACTIVATIONS[expect(case['name'], ACTIVATIONS, 'activation')](z)
    y.backward(torch.tensor(case['dy']))
    return {**case, 'y': y.detach().tolist(), 'dz': z.grad.tolist()}


# --- Files ----------------------------------------------------------------------------------------------------------


def made_anew(document):
    """The golden of a golden file or of an experiment."""
    if 'batch_norm' in document:
        return kernels_golden(document)
    return training_golden(document.get('experiment', document))


def words(value):
    """JSON has no word for what is not finite: it is written as a text."""
    if isinstance(value, dict):
        return {key: words(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return list(map(words, value))
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def trace_error(actual, expected, steps):
    """The largest error, relative to the larger of the value and a thousandth of the first value."""
    errors = [abs(a - e) / max(abs(e), abs(expected[0]) / 1000) for a, e in zip(actual[:steps], expected)]
    return max(errors, default=0)


def tensor_error(actual, expected):
    """The largest difference, relative to the largest value."""
    actual, expected = torch.tensor(actual), torch.tensor(expected)
    return float((actual - expected).abs().max() / expected.abs().max())


def differences(golden, again):
    """What is compared, and how far it is off."""
    if 'batch_norm' in golden:
        for kind in ('batch_norm', 'matmul', 'activation'):
            for index, (case, made) in enumerate(zip(golden[kind], again[kind])):
                for name, value in case.items():
                    if isinstance(value, list):
                        yield f'{kind} {index} {name}', tensor_error(made[name], value)
        return
    if len(golden['traces']) != len(again['traces']):
        yield f'{len(golden["traces"])} traces, made anew {len(again["traces"])}', math.inf
    for trace, made in zip(golden['traces'], again['traces']):
        cell = trace['arm'], trace['ix'], trace['iy']
        if cell != (made['arm'], made['ix'], made['iy']) or len(trace['loss']) != len(made['loss']):
            yield f'cell {cell}: another one or another length', math.inf
        losses = list(map(float, trace['loss']))
        diverged = (t for t, loss in enumerate(losses) if not loss <= DIVERGED * losses[0])
        steps = next(diverged, len(losses))
        for name in ('loss', 'gradient_norm', 'weight_norm'):
            error = trace_error(made[name], list(map(float, trace[name])), steps)
            yield f'arm {cell[0]}, ix {cell[1]}, iy {cell[2]}: {name}', error


def check(file):
    golden = json.loads(file.read_text())
    found = list(differences(golden, made_anew(golden)))
    wrong = [(what, error) for what, error in found if not error <= TOLERANCE]
    for what, error in wrong:
        print(f'{file.name}: {what} is off by {error:.1e}, allowed {TOLERANCE:.0e}')
    print(f'{file.name}: {len(found)} compared, largest error {max(error for _, error in found):.1e}')
    return not wrong


def write(file):
    document = json.loads(file.read_text())
    is_experiment = 'traces' not in document and 'batch_norm' not in document
    target = FOLDER / f'training-{document["name"]}.json' if is_experiment else file
    target.write_text(json.dumps(words(made_anew(document))))
    print(target)


def main(arguments):
    files = [Path(argument) for argument in arguments if argument != '--check']
    if '--check' in arguments:
        results = [check(file) for file in files or sorted([*FOLDER.glob('training-*.json'), FOLDER / 'kernels.json'])]
        return 0 if all(results) else 1
    if not files:
        print(__doc__)
        return 2
    for file in files:
        write(file)
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
