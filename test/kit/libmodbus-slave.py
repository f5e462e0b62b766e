# A Modbus RTU slave made by libmodbus, a program that shares nothing with this project: python3 libmodbus-slave.py PATH ADDRESS JSON.
# JSON: {"registers": {"14": 365}, "coils": 8, "inputs": [0, 2]}. Prints "ready", then the closed coils after each request. Run by tests.
import ctypes
import json
import sys

path, address, given = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
lib = ctypes.CDLL('libmodbus.so.5', use_errno=True)
pointer = ctypes.c_void_p
lib.modbus_strerror.restype = ctypes.c_char_p
lib.modbus_new_rtu.restype = pointer
lib.modbus_new_rtu.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_char, ctypes.c_int, ctypes.c_int]


class Mapping(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int) for name in (
        'nb_bits', 'start_bits', 'nb_input_bits', 'start_input_bits',
        'nb_input_registers', 'start_input_registers', 'nb_registers', 'start_registers')]
    _fields_ += [('tab_bits', ctypes.POINTER(ctypes.c_uint8)), ('tab_input_bits', ctypes.POINTER(ctypes.c_uint8)),
                 ('tab_input_registers', ctypes.POINTER(ctypes.c_uint16)), ('tab_registers', ctypes.POINTER(ctypes.c_uint16))]


lib.modbus_mapping_new.restype = ctypes.POINTER(Mapping)
lib.modbus_mapping_new.argtypes = [ctypes.c_int] * 4
lib.modbus_set_slave.argtypes = [pointer, ctypes.c_int]
lib.modbus_connect.argtypes = [pointer]
lib.modbus_receive.argtypes = [pointer, ctypes.c_char_p]
lib.modbus_reply.argtypes = [pointer, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(Mapping)]


def must(done):
    if done == -1:
        sys.exit(lib.modbus_strerror(ctypes.get_errno()).decode())


slave = lib.modbus_new_rtu(path.encode(), 9600, b'N', 8, 1)
must(lib.modbus_set_slave(slave, address))
must(lib.modbus_connect(slave))
mapping = lib.modbus_mapping_new(given.get('coils', 0), 8, 64, 64)
for at, value in given.get('registers', {}).items():
    mapping.contents.tab_registers[int(at)] = value
    mapping.contents.tab_input_registers[int(at)] = value
for at in given.get('inputs', []):
    mapping.contents.tab_input_bits[at] = 1
print('ready', flush=True)
query = ctypes.create_string_buffer(260)
while True:
    length = lib.modbus_receive(slave, query)
    if length > 0:
        lib.modbus_reply(slave, query, length, mapping)
        on = [at for at in range(given.get('coils', 0)) if mapping.contents.tab_bits[at]]
        print(json.dumps({'coils': on, 'registers': mapping.contents.tab_registers[7]}), flush=True)
