# elf64 at 0x100000
# Prints the command line and the module of its PVH start information, and follows it to ACPI's RSDP.
        .section .note.pvh, "a", @note
        .long   4, 4, 18
        .asciz  "Xen"
        .long   begin
        .text
        .code32
        .globl  _start
_start: jmp     failed                                # the note names another entry
begin:  mov     $stack_top, %esp
        cmpl    $0x336ec578, (%ebx)
        jne     failed
        mov     24(%ebx), %esi
        call    print
        call    new_line
        cmpl    $0, 12(%ebx)
        je      1f
        mov     16(%ebx), %eax
        mov     (%eax), %esi
        mov     8(%eax), %edi
        add     %esi, %edi
        call    print_range
        call    new_line
1:      mov     32(%ebx), %eax
        test    %eax, %eax
        jz      finish
        cmpl    $0x20445352, (%eax)                   # "RSD "
        jne     failed
        mov     $acpi, %esi
        call    print
        jmp     finish
        .include "report32.inc"
acpi:   .asciz  "acpi\n"
        .bss
        .skip   4096
stack_top:
