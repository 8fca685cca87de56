# binary at 0x100000
# A flat binary for protected mode, which loads a segment of the boot GDT.
        .code32
        .globl  _start
_start: mov     $0x10, %ax
        mov     %ax, %ds
        mov     $hello, %esi
        call    print
        jmp     finish
        .include "report32.inc"
hello:  .asciz  "protected mode\n"
