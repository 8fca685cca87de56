# binary at 0x300000
# Multiboot 1 with address fields: no ELF file.
        .code32
        .globl  _start
        .balign 4
header: .long   0x1badb002, 0x10000, -(0x1badb002 + 0x10000)
        .long   header, header, end, bss_end, begin
_start:
begin:  cmp     $0x2badb002, %eax
        jne     failed
        mov     $bss_end, %esp
        mov     $hello, %esi
        call    print
        jmp     finish
        .include "report32.inc"
hello:  .asciz  "address fields\n"
end:
        .set    bss_end, end + 4096
