"""What PyTorch reaches: the held-out -ELBO per image (nats) of the plain VAE, to be compared with ours.

python torch_elbo.py mnist|digits [--epochs N] [--lr X] [--seeds N] [--folder DATA]

mnist   DATA/mnist, the first 8000 of the 10000 images to train on, the last 2000 held out; 784-400-(20,20)-20-400-784
digits  DATA/digits.csv.gz / 16, the first 1500 of 1797 to train on, the rest held out;      64-128-(8,8)-8-128-64
ReLU, grey pixels in [0, 1] with binary cross-entropy on logits summed over pixels, closed KL, Adam, batch 128 (64 for digits), PyTorch's default
initialisation, reshuffled each epoch. The held-out figure uses one draw of z per image.
"""
import argparse, gzip, os, numpy as np, torch, torch.nn as nn, torch.nn.functional as F

p = argparse.ArgumentParser()
p.add_argument("data", choices=["mnist", "digits"]); p.add_argument("--epochs", type=int, default=10)
p.add_argument("--lr", type=float, default=1e-3); p.add_argument("--seeds", type=int, default=3)
p.add_argument("--folder", default="data", help="holds mnist/ and digits.csv.gz")
a = p.parse_args()
here = a.folder
torch.set_num_threads(2)
if a.data == "mnist":
    raw = gzip.open(os.path.join(here, "mnist", "t10k-images-idx3-ubyte.gz")).read()
    x = torch.tensor(np.frombuffer(raw, np.uint8)[16:].reshape(-1, 784).astype(np.float32) / 255)
    n, hidden, latent, batch = 8000, 400, 20, 128
else:
    rows = gzip.open(os.path.join(here, "digits.csv.gz"), "rt").read().split()
    x = torch.tensor(np.array([r.split(",")[:64] for r in rows], dtype=np.float32) / 16)
    n, hidden, latent, batch = 1500, 128, 8, 64
train, test, d = x[:n], x[n:], x.shape[1]
figures = []
for seed in range(a.seeds):
    torch.manual_seed(seed)
    enc, head = nn.Linear(d, hidden), nn.Linear(hidden, 2 * latent)
    dec, out = nn.Linear(latent, hidden), nn.Linear(hidden, d)
    params = [w for m in (enc, head, dec, out) for w in m.parameters()]
    opt = torch.optim.Adam(params, lr=a.lr)

    def terms(x):
        mu, logvar = head(F.relu(enc(x))).chunk(2, dim=-1)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        logits = out(F.relu(dec(z)))
        bce = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
        return bce, 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum() / len(x)

    for epoch in range(a.epochs):
        order = torch.randperm(n)
        for i in range(0, n, batch):
            loss = sum(terms(train[order[i:i + batch]]))
            opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad():
        bce, kl = terms(test)
    figures.append(float(bce + kl)); print(f"seed {seed}: held-out -ELBO {bce + kl:.2f} = reconstruction {bce:.2f} + KL {kl:.2f}")
print(f"{a.data}, {a.epochs} epochs, lr {a.lr}: {np.mean(figures):.2f} (min {min(figures):.2f}, max {max(figures):.2f})")
