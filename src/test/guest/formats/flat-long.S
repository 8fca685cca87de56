# binary at 0x100000
# A flat binary for long mode, which reads an address near 4 GiB: all is mapped.
        .globl  _start
_start: lea     hello(%rip), %rsi
        mov     $0x3f8, %dx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      mov     $0xfee00030, %eax
        mov     (%rax), %ecx
        mov     $0x10, %eax
        out     %eax, $0xf4
        hlt
hello:  .asciz  "long mode\n"
