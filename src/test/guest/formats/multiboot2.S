# elf32 at 0x100000
# Prints the command line and the module of its Multiboot 2 information, and checks ACPI's RSDP.
        .code32
        .balign 8
header: .long   0xe85250d6, 0, header_end - header, -(0xe85250d6 + header_end - header)
        .balign 8
        .short  1, 0                                  # wants command line, memory map
        .long   16, 1, 6
        .balign 8
        .short  5, 1                                  # would like a framebuffer
        .long   20, 1024, 768, 32
        .balign 8
        .short  0, 0
        .long   8
header_end:
        .globl  _start
_start: cmp     $0x36d76289, %eax
        jne     failed
        mov     $stack_top, %esp
        lea     8(%ebx), %ebp
tag:    mov     (%ebp), %eax
        test    %eax, %eax
        jz      finish
        cmp     $1, %eax
        jne     1f
        lea     8(%ebp), %esi
        call    print
        call    new_line
        jmp     next
1:      cmp     $3, %eax
        jne     2f
        mov     8(%ebp), %esi
        mov     12(%ebp), %edi
        call    print_range
        call    new_line
        jmp     next
2:      cmp     $14, %eax
        jne     next
        cmpl    $0x20445352, 8(%ebp)                  # "RSD "
        jne     failed
        mov     $acpi, %esi
        call    print
next:   add     4(%ebp), %ebp
        add     $7, %ebp
        and     $-8, %ebp
        jmp     tag
        .include "report32.inc"
acpi:   .asciz  "acpi\n"
        .bss
        .skip   4096
stack_top:
