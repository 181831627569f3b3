"""Makes small files with values of every representation, and what pydicom says of them in DICOM JSON (Debian's python3-pydicom 2.3.1):
/usr/bin/python3 src/dicom/golden/dicom_json.py"""

import json
import pathlib

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

HERE = pathlib.Path(__file__).parent


def values():
    ds = Dataset()
    ds.SpecificCharacterSet = 'ISO_IR 192'
    ds.ImageType = ['ORIGINAL', 'PRIMARY', '', 'AXIAL']
    ds.SOPClassUID = '1.2.840.10008.5.1.4.1.1.2'
    ds.SOPInstanceUID = '1.2.3.4'
    ds.StudyDate = '20250101'
    ds.StudyTime = ''
    ds.PatientName = 'Yamada^Tarou=山田^太郎=やまだ^たろう'
    ds.PatientAge = '063Y'
    ds.PatientComments = 'two lines\r\nand a back\\slash'
    ds.RetrieveURL = 'http://example.org/a'
    ds.SliceThickness = '2.5'
    ds.InstanceNumber = '-7'
    ds.PixelSpacing = ['0.5', '1e-1']
    ds.Rows = 512
    ds.PixelRepresentation = 1
    ds.add_new(0x00280120, 'SS', -2000)  # Pixel Padding Value
    ds.RetrieveAETitle = ['A', 'B']
    ds.DimensionIndexPointer = 0x00209057
    ds.add_new(0x00189220, 'FD', 0.1)  # Frame Acquisition Duration
    ds.ExtendedOffsetTable = bytes(range(8))
    code = Dataset()
    code.CodeValue = '50960005'
    code.CodeMeaning = 'Größe'
    ds.ProcedureCodeSequence = [code, Dataset()]
    ds.ReferencedStudySequence = []
    ds.add_new(0x00090010, 'LO', 'ICHOR TEST')
    return ds


def write(name, syntax, extra=lambda ds: None):
    ds = values()
    extra(ds)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    file = FileDataset(name, ds, file_meta=meta, preamble=b'\0' * 128)
    told = json.loads(ds.to_json())
    if syntax == ExplicitVRBigEndian:  # pydicom neither writes nor tells words as such: the bytes are ours to turn
        file.ExtendedOffsetTable = ds.ExtendedOffsetTable[::-1]
        file[0x00091004].value = b'\2\1\4\3'
    file.is_little_endian = syntax != ExplicitVRBigEndian
    file.is_implicit_VR = syntax == ImplicitVRLittleEndian
    file.save_as(HERE / f'{name}.dcm', write_like_original=False)
    (HERE / f'{name}.json').write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + '\n')


def with_explicit_ones(ds):
    ds.add_new(0x00091001, 'UL', 4_000_000_000)
    ds.add_new(0x00091002, 'FL', 0.25)
    ds.add_new(0x00091003, 'SQ', [values_of_item()])
    ds.add_new(0x00091004, 'OW', b'\1\2\3\4')


def values_of_item():
    item = Dataset()
    item.add_new(0x00091005, 'US', [1, 2])
    return item


write('values-explicit', ExplicitVRLittleEndian, with_explicit_ones)
write('values-implicit', ImplicitVRLittleEndian)
write('values-big-endian', ExplicitVRBigEndian, with_explicit_ones)
