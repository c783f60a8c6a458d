import { Column, Entity, PrimaryColumn } from 'typeorm';

/** bigint columns arrive as text: a JSON number would lose digits above 2^53. */
@Entity('products')
export class Product {
  @PrimaryColumn({ type: 'text' }) sku!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) description!: string;
  @Column({ type: 'bigint', name: 'unit_price' }) unitPrice!: string;
  @Column({ type: 'text' }) currency!: string;
  @Column({ type: 'integer', name: 'vat_permille' }) vatPermille!: number;
  @Column({ type: 'integer' }) position!: number;
  @Column({ type: 'bigint' }) available!: string;
}
