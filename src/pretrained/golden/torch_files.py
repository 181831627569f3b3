"""Small files as torch.save writes them, and what is in them. Run with PyTorch 1.13: python3 torch_files.py"""
import base64, collections, io, json, os, pickle, torch

def state():
    torch.manual_seed(1)
    base = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 8
    named = collections.OrderedDict()
    named['plain'] = base
    named['transposed'] = base.permute(2, 0, 1)
    named['offset'] = base[1, 1:]
    named['half'] = torch.tensor([1.5, -0.125, 65504.0, 6e-8]).half()
    named['brain'] = torch.tensor([1.0, -2.5, 3.140625]).bfloat16()
    named['double'] = torch.tensor([[0.1, 0.2]], dtype=torch.float64)
    named['parameter'] = torch.nn.Parameter(torch.tensor([0.25, 0.5]))
    named['steps'] = torch.tensor(7)
    return named

def saved(value, zipped):
    out = io.BytesIO()
    torch.save(value, out, _use_new_zipfile_serialization=zipped)
    return base64.b64encode(out.getvalue()).decode()

class Hostile:
    def __reduce__(self):
        return os.system, ('echo executed > hostile.txt',)

named = state()
golden = {
    'zip': saved(named, True),
    'pickles': saved(named, False),
    'wrapped': saved({'epoch': 3, 'state_dict': named}, True),
    'hostile': saved({'plain': Hostile()}, False),
    'tensors': {name: {'shape': list(t.shape), 'data': t.detach().float().flatten().tolist()} for name, t in named.items()},
}
with open('torch-files.json', 'w') as file:
    json.dump(golden, file)
    file.write('\n')
