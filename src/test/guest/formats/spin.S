# elf32 at 0x100000
# Never ends, with IF=0.
        .code32
        .globl  _start
_start: cli
here:   jmp     here
