# elf64 at 0x200000
# A 64-bit ELF file without a boot protocol.
        .globl  _start
_start: lea     hello(%rip), %rsi
        mov     $0xe9, %dx                            # the debug console
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      mov     $0x10, %eax
        out     %eax, $0xf4
        hlt
hello:  .asciz  "elf64\n"
