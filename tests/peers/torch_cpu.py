"""A training task in PyTorch on the CPU, two threads, gradients by autograd: all trials at once, in a leading dimension.

Reads one request a line from standard input and answers each with one line, both JSON:

    {"open": task}    → {"steps": 0}
    {"train": steps}  → {"steps": steps, "losses": […]}, the last step's losses, one a trial

Tensors of a task are float32, in base64. Activations are (trials × units × samples): batch norm is then one call of PyTorch's own, with
a channel for each unit of each trial.
"""
import base64
import json
import sys

import torch
from torch.nn import functional as F

torch.set_num_threads(2)

ACTIVATIONS = {'identity': lambda z: z, 'relu': torch.relu, 'tanh': torch.tanh}


def tensor(text, *shape):
    return torch.frombuffer(bytearray(base64.b64decode(text)), dtype=torch.float32).reshape(shape)


class Training:
    def __init__(self, task):
        self.trials = trials = task['trials']
        self.samples = samples = task['samples']
        self.layers = task['layers']
        self.activation = ACTIVATIONS[task['activation']]
        self.epsilon = task['epsilon']
        self.loss_factor = task['lossFactor']
        self.x = tensor(task['x'], 1, samples, -1).transpose(1, 2).contiguous().expand(trials, -1, -1)
        self.y = tensor(task['y'], 1, samples, -1).transpose(1, 2).contiguous()
        self.parameters, self.rates = [], []
        for layer in self.layers:
            fan_in, fan_out = layer['fanIn'], layer['fanOut']
            own = [tensor(layer['weights'], trials, fan_in, fan_out)]
            if 'gamma' in layer:
                own += [tensor(layer[name], trials, fan_out, 1) for name in ('gamma', 'beta')]
            self.parameters += [parameter.requires_grad_() for parameter in own]
            self.rates += [tensor(layer['rates'], trials, 1, 1)] * len(own)

    def losses(self):
        a, parameters = self.x, iter(self.parameters)
        for index, layer in enumerate(self.layers):
            weights = next(parameters)
            # Scaling the weights is less work than scaling what they make of every sample.
            if layer['factor'] != 1:
                weights = weights * layer['factor']
            a = a * weights.transpose(1, 2) if layer['fanIn'] == 1 else torch.bmm(weights.transpose(1, 2), a)
            if 'gamma' in layer:
                gamma, beta = next(parameters).flatten(), next(parameters).flatten()
                channels = a.reshape(1, -1, self.samples)
                a = F.batch_norm(channels, None, None, gamma, beta, True, 0.0, self.epsilon).view(a.shape)
            if index < len(self.layers) - 1:
                a = self.activation(a)
        return self.loss_factor * (a - self.y).square().mean((1, 2))

    def train(self, steps):
        for _ in range(steps):
            losses = self.losses()
            gradients = torch.autograd.grad(losses.sum(), self.parameters)
            with torch.no_grad():
                for parameter, gradient, rate in zip(self.parameters, gradients, self.rates):
                    parameter.addcmul_(gradient, rate, value=-1)
        return {'steps': steps, 'losses': losses.tolist()}


training = None
for line in sys.stdin:
    request = json.loads(line)
    if 'open' in request:
        training = Training(request['open'])
        answer = {'steps': 0}
    else:
        answer = training.train(request['train'])
    print(json.dumps(answer), flush=True)
