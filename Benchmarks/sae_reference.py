"""Trains a sparse autoencoder in PyTorch as `SparseTrainer` does, a few steps at a time as Benchmarks asks for them, so that both alternate.

    python3 Benchmarks/sae_reference.py EMBEDDINGS FEATURES KEPT BATCH THREADS

`EMBEDDINGS` is a safetensors file with one matrix [count, width]. Each line of input is a number of steps; the answer is one line: milliseconds.
"""

import sys
import time

import torch
from safetensors.torch import load_file

PATIENCE = 100
LEFTOVERS = 1 / 32


class Trainer:
    def __init__(self, rows, features, kept, batch):
        torch.manual_seed(1)
        self.rows, self.kept, self.batch = rows, kept, batch
        encoder = torch.randn(features, rows.shape[1])
        encoder /= encoder.norm(dim=1, keepdim=True)
        bias = rows.mean(0)
        self.encoder = torch.nn.Parameter(encoder)
        self.decoder = torch.nn.Parameter(encoder.T.clone())
        self.encoder_bias = torch.nn.Parameter(-encoder @ bias)
        self.decoder_bias = torch.nn.Parameter(bias)
        self.parameters = [self.encoder, self.encoder_bias, self.decoder, self.decoder_bias]
        self.optimiser = torch.optim.AdamW(self.parameters, lr=1e-3, betas=(0.9, 0.99), weight_decay=0)
        self.idle = torch.zeros(features)
        self.threshold = 0.0

    def step(self):
        picked = self.rows[torch.randint(len(self.rows), (self.batch,))]
        sums = torch.nn.functional.linear(picked, self.encoder, self.encoder_bias)
        features = sums.relu()
        known = features.detach()
        least = known.flatten().topk(self.kept * self.batch).values.min()
        mask = ((known >= least) & (known > 0)).float()
        left = picked - torch.nn.functional.linear(features * mask, self.decoder, self.decoder_bias)
        spread = (picked - picked.mean(0)).square().mean()
        loss = left.square().mean() / spread + self.failure_of_dead(sums, left.detach())
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        with torch.no_grad():
            self.decoder /= self.decoder.norm(dim=0, keepdim=True) + 1e-8
            self.idle = (self.idle + 1) * (1 - mask.amax(0))
            self.threshold = 0.99 * self.threshold + 0.01 * least.item()
        return loss.item()

    def failure_of_dead(self, sums, left):
        dead = (self.idle > PATIENCE).float()
        count = int(dead.sum())
        if count == 0:
            return 0
        features = (sums * dead).relu()
        least = features.detach().topk(min(count, left.shape[1] // 2), dim=1).values[:, -1:]
        explained = torch.nn.functional.linear(features * (features >= least), self.decoder)
        size = left.square().mean()
        depth = (-sums * dead).relu().sum() / (len(sums) * count) / size.sqrt()
        return LEFTOVERS * ((explained - left).square().mean() / size + depth)


def main():
    path, features, kept, batch, threads = sys.argv[1], *map(int, sys.argv[2:])
    torch.set_num_threads(threads)
    (rows,) = load_file(path).values()
    trainer = Trainer(rows, features, kept, batch)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            trainer.step()
        print((time.perf_counter() - start) * 1000, flush=True)


if __name__ == "__main__":
    main()
