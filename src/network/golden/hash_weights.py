"""Weights and numbers from the integer hash of weights.ts, for the golden scripts beside this file."""
import numpy as np
import torch

U32 = np.uint32


def hash32(value):
    h = value.astype(U32)
    h = (h ^ (h >> U32(16))) * U32(0x85EBCA6B)
    h = (h ^ (h >> U32(13))) * U32(0xC2B2AE35)
    return h ^ (h >> U32(16))


def hash_name(name):
    h = 0x811C9DC5
    for letter in name:
        h = ((h ^ ord(letter)) * 0x01000193) & 0xFFFFFFFF
    return hash32(np.array([h], U32))[0]


def hash_numbers(name, count, bound, mean=0.0):
    with np.errstate(over="ignore"):
        bits = hash32(np.arange(count, dtype=U32) * U32(0x9E3779B1) + hash_name(name))
    return (bound * (bits.astype(np.float64) / 2147483648 - 1) + mean).astype(np.float32)


def tensor(name, shape, bound, mean=0.0):
    return torch.tensor(hash_numbers(name, int(np.prod(shape)), bound, mean).reshape(shape))


def before_relu(name, shape):
    fan_in = int(np.prod(shape[1:]))
    return tensor(name, shape, (0.92 / fan_in) ** 0.5, 0.98 / fan_in)


def hash_bits(name, count):
    with np.errstate(over="ignore"):
        return hash32(np.arange(count, dtype=U32) * U32(0x9E3779B1) + hash_name(name)).astype(np.int64)
