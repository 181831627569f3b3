"""Reads a folder of DICOM slices into one int16 HU volume as pydicom's users do, and prints its sum."""
import os
import sys

import numpy as np
import pydicom

folder = sys.argv[1]
slices = [pydicom.dcmread(os.path.join(folder, name)) for name in os.listdir(folder)]
slices.sort(key=lambda s: float(s.ImagePositionPatient[2]))
volume = np.empty((len(slices), slices[0].Rows, slices[0].Columns), np.int16)
for i, s in enumerate(slices):
    volume[i] = s.pixel_array * float(s.RescaleSlope) + float(s.RescaleIntercept)
print(int(volume.sum(dtype=np.int64)))
