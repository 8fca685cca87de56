# elf64 at 0x100000
# Its handler of line 4 writes 0 to the exit port.
        .include "line.inc"
        .globl  _start
_start: open_line 4
idle:   sti
        hlt
        jmp     idle

handler:
        mov     $0, %al
        out     %al, $0xf4
        hlt

        tables  4
