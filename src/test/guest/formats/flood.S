# elf32 at 0x100000
# Prints without end.
        .code32
        .globl  _start
_start: mov     $0x3f8, %dx
        mov     $'x', %al
1:      out     %al, %dx
        jmp     1b
