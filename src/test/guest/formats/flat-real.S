# binary at 0x7c00
# A boot sector: 16-bit code that prints and ends.
        .code16
        .globl  _start
_start: mov     $hello, %si
        mov     $0x3f8, %dx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      push    %ax                                   # there is a stack
        pop     %ax
        mov     $0x10, %al
        out     %al, $0xf4
        hlt
hello:  .asciz  "real mode\n"
        .org    510
        .word   0xaa55
