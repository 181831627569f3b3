"""Compresses a folder of DICOM files with GDCM: compress_study.py FROM TO UID."""
import os
import sys

import gdcm

SYNTAXES = {
    "1.2.840.10008.1.2.4.70": gdcm.TransferSyntax.JPEGLosslessProcess14_1,
    "1.2.840.10008.1.2.4.80": gdcm.TransferSyntax.JPEGLSLossless,
    "1.2.840.10008.1.2.4.90": gdcm.TransferSyntax.JPEG2000Lossless,
}
source, target, uid = sys.argv[1:]
os.makedirs(target)
for name in sorted(os.listdir(source)):
    reader = gdcm.ImageReader()
    reader.SetFileName(os.path.join(source, name))
    if not reader.Read():
        raise SystemExit(f"GDCM cannot read {name}")
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(SYNTAXES[uid]))
    change.SetInput(reader.GetImage())
    if not change.Change():
        raise SystemExit(f"GDCM cannot compress {name} as {uid}")
    writer = gdcm.ImageWriter()
    writer.SetFileName(os.path.join(target, name))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    if not writer.Write():
        raise SystemExit(f"GDCM cannot write {name}")
