"""The first layers of torchvision's VGG16 and GoogLeNet on one image, weights from the integer hash.
Run with PyTorch 1.13: python3 imagenet.py"""
import json, os, sys
import torch
from torch.nn.functional import batch_norm, conv2d, max_pool2d, relu

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', '..', 'golden'))
from hash_weights import hash_numbers

def draw(name, shape, bound, mean=0.0):
    count = 1
    for size in shape:
        count *= size
    return torch.tensor(hash_numbers(name, count, bound, mean), dtype=torch.float64).reshape(shape)

image = draw('image', (1, 3, 32, 32), 0.5, 0.5)

def vgg16():
    x = (image - torch.tensor([0.485, 0.456, 0.406]).double().reshape(1, 3, 1, 1)) / torch.tensor([0.229, 0.224, 0.225]).double().reshape(1, 3, 1, 1)
    for place, inputs in ((0, 3), (2, 64)):
        x = relu(conv2d(x, draw(f'features.{place}.weight', (64, inputs, 3, 3), (3 / inputs / 9) ** 0.5), draw(f'features.{place}.bias', (64,), 0.1), padding=1))
    return x

def unit(x, name, outputs, kernel, padding=0, stride=1):
    inputs = x.shape[1]
    y = conv2d(x, draw(f'{name}.conv.weight', (outputs, inputs, kernel, kernel), (3 / inputs / kernel ** 2) ** 0.5), None, stride, padding)
    part = lambda which, bound, mean: draw(f'{name}.bn.{which}', (outputs,), bound, mean)
    return relu(batch_norm(y, part('running_mean', 0.1, 0), part('running_var', 0.5, 1), part('weight', 0.3, 1), part('bias', 0.1, 0), False, 0, 0.001))

def googlenet():
    """conv1, then the third branch of inception3a on its own features of 192 channels."""
    first = unit((image - 0.5) / 0.5, 'conv1', 64, 7, 3, 2)
    features = draw('features', (1, 192, 8, 8), 0.5, 0.5)
    third = unit(unit(features, 'inception3a.branch3.0', 16, 1), 'inception3a.branch3.1', 32, 3, 1)
    return first, third

def inner(x, by):
    """Away from the border, where zeros stand for other values; every so many channels."""
    return x[0, ::by, 4:-4, 4:-4].flatten()[:40].tolist()

first, third = googlenet()
with open('imagenet.json', 'w') as file:
    json.dump({'vgg16': inner(vgg16(), 7), 'googlenetFirst': inner(first, 7), 'googlenetThird': third[0, ::3].flatten()[:40].tolist()}, file)
    file.write('\n')
