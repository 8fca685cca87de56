# elf32 at 0x200000
# A 32-bit ELF file without a boot protocol.
        .code32
        .globl  _start
_start: mov     $hello, %esi
        call    print
        cmpl    $0, zero                              # .bss is clear
        jne     failed
        jmp     finish
        .include "report32.inc"
hello:  .asciz  "elf32\n"
        .bss
        .skip   0x10000
zero:   .skip   4
