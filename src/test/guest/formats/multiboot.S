# elf32 at 0x100000
# Prints its command line, its module and the end of its memory map's last range, in MiB.
        .code32
        .balign 4
header: .long   0x1badb002, 0x3, -(0x1badb002 + 0x3)
        .globl  _start
_start: cmp     $0x2badb002, %eax
        jne     failed
        mov     $stack_top, %esp
        testl   $4, (%ebx)                            # a command line
        jz      failed
        mov     16(%ebx), %esi
        call    print
        call    new_line
        testl   $8, (%ebx)                            # modules
        jz      1f
        mov     24(%ebx), %eax
        mov     (%eax), %esi
        mov     4(%eax), %edi
        call    print_range
        call    new_line
1:      testl   $0x40, (%ebx)                         # a memory map
        jz      failed
        mov     8(%ebx), %eax                         # KiB above 1 MiB
        add     $1024, %eax
        shr     $20 - 10, %eax
        add     $'0', %al                             # fewer than 10 MiB
        mov     $COM1, %dx
        out     %al, %dx
        call    new_line
        jmp     finish
        .include "report32.inc"
        .bss
        .skip   4096
stack_top:
