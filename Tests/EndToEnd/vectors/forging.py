"""What someone with the keys could write into the sample: records that open and are wrong, and a pruned log."""

import struct

from nacl import bindings as sodium
from nacl.utils import random

from conftest import PASSPHRASE
from second_reader import Reader, subkey
from second_reader_boxes import associated_data, open_box
from second_reader_integrity import event_rows, link


def seal(key, padded, place):
    nonce = random(24)
    return nonce + sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, place, nonce, key)


def opened(path):
    return Reader(path, PASSPHRASE.encode())


def resealed_metadata(path, where, edit):
    """A secret's metadata as a new box, its padded record changed by `edit`."""
    with opened(path) as reader:
        key = subkey(reader.personal().key, 2)
        *row, box = reader.row(f"""SELECT secret_id, sequence, name_tag, metadata_revision, value_revision,
                                   sealed_metadata FROM secrets WHERE {where}""")
        place = associated_data("secret-metadata", reader.vault_id, reader.vault_id, *row)
    return seal(key, edit(open_box(box, key, place, "metadata")), place)


def sealed_state(reader, edit=lambda padded: padded, **changes):
    """The state as a new box, with other values in some of its fields, or its padded record changed by `edit`."""
    record = struct.pack(">BQ32s5Q5q32s32s32s", 1, *reader.state._replace(**changes))
    place = associated_data("state", reader.vault_id)
    return seal(subkey(reader.root_key, 2), edit(sodium.sodium_pad(record, 64)), place)


def resealed_event(path, sequence):
    """An event in another box: it opens and says the same, and is not the one that the chain was made of."""
    with opened(path) as reader:
        box, = reader.row("SELECT sealed_event FROM events WHERE sequence = ?", sequence)
        key, place = subkey(reader.root_key, 5), associated_data("event", reader.vault_id, sequence)
    return seal(key, open_box(box, key, place, "event"), place)


def pruned(path, count):
    """What it takes to remove the first events of the log: an event that tells of it, and the state after that."""
    with opened(path) as reader:
        rows, state = event_rows(reader), reader.state
        base = state.base
        for row in rows[:count]:
            base = link(reader, base, *row)
        sequence = state.last_event + 1
        record = struct.pack(">BqBB", 1, reader.events()[-1].time, 18, 1) + b"\x07vectors" + struct.pack(
            ">BHQH", 0, 0, count, 0)
        event = seal(subkey(reader.root_key, 5), sodium.sodium_pad(record, 64),
                     associated_data("event", reader.vault_id, sequence))
        head = link(reader, state.head, sequence, event)
        box = sealed_state(reader, epoch=state.epoch + 1, first_event=state.first_event + count, last_event=sequence,
                           base=base, head=head)
    return {"sequence": sequence, "event": event, "state": box, "count": count}
